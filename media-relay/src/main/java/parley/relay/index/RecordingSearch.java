package parley.relay.index;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;

/**
 * Which recordings are asked for. Everything that is null or empty holds for all; everything else
 * has to be so.
 *
 * @param parties each took part: a jid exactly, or part of a name
 * @param chat a jid exactly, or part of a title
 * @param teams uids; empty: all
 * @param call uid
 * @param from began then or later
 * @param before began earlier
 * @param longer at least so long
 * @param shorter less long
 * @param talked somebody, or each of {@code parties}, talked at least so long
 * @param talkedOver so long at least two talked at once
 * @param policy name
 * @param retention class
 * @param held whether on legal hold
 * @param states empty: all but deleted ones
 * @param proof what the latest verification came to
 * @param oldestFirst else the newest first
 */
public record RecordingSearch(
    List<String> parties,
    @Nullable String chat,
    Set<String> teams,
    @Nullable String call,
    @Nullable Instant from,
    @Nullable Instant before,
    @Nullable Duration longer,
    @Nullable Duration shorter,
    @Nullable Duration talked,
    @Nullable Duration talkedOver,
    @Nullable String policy,
    @Nullable String retention,
    @Nullable Boolean held,
    Set<State> states,
    @Nullable Proof proof,
    boolean oldestFirst) {

  /** More names in one question than that are a mistake. */
  public static final int MAX_PARTIES = 20;

  /** All that are not deleted, the newest first. */
  public static final RecordingSearch ALL =
      new RecordingSearch(
          List.of(), null, Set.of(), null, null, null, null, null, null, null, null, null, null,
          Set.of(), null, false);

  public RecordingSearch {
    parties = List.copyOf(parties);
    teams = Set.copyOf(teams);
    states = Set.copyOf(states);
    if (parties.size() > MAX_PARTIES) {
      throw new IllegalArgumentException("more than " + MAX_PARTIES + " parties");
    }
  }

  /**
   * The same, of these teams only.
   *
   * @param allowed empty: all
   * @return null when nothing is left to ask for
   */
  public @Nullable RecordingSearch within(Set<String> allowed) {
    if (allowed.isEmpty()) {
      return this;
    }
    Set<String> both =
        teams.isEmpty() ? allowed : Set.copyOf(teams.stream().filter(allowed::contains).toList());
    return both.isEmpty()
        ? null
        : new RecordingSearch(
            parties,
            chat,
            both,
            call,
            from,
            before,
            longer,
            shorter,
            talked,
            talkedOver,
            policy,
            retention,
            held,
            states,
            proof,
            oldestFirst);
  }

  /**
   * Where a page ends, so that the next one begins behind it.
   *
   * @param began of its last recording
   * @param id of the same
   */
  public record Cursor(Instant began, String id) {
    /** As it is handed out and comes back. */
    public String text() {
      String plain = began.toEpochMilli() + " " + id;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Null when it is none that was handed out. */
    public static @Nullable Cursor tryParse(String text) {
      if (text.length() > 600) {
        return null;
      }
      try {
        String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        int space = plain.indexOf(' ');
        String id = plain.substring(space + 1);
        return space > 0 && RecordingFolders.began(id).isPresent()
            ? new Cursor(Instant.ofEpochMilli(Long.parseLong(plain.substring(0, space))), id)
            : null;
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }

  /**
   * Some of what was found.
   *
   * @param next where to go on; null at the end
   */
  public record Page(List<IndexedRecording> recordings, @Nullable Cursor next) {
    public Page {
      recordings = List.copyOf(recordings);
    }
  }
}
