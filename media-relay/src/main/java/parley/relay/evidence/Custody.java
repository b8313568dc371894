package parley.relay.evidence;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of deleting a recording: how long it has to be kept, and legal holds. What
 * the policy said is in the seal; what was decided later in {@code custody.log} beside it, signed
 * as a whole with every entry.
 *
 * <pre>
 * parley-custody 1
 * call &lt;uid&gt;
 * hold &lt;when&gt; &lt;who&gt; &lt;why&gt;             who and why as in a URL's query
 * release &lt;when&gt; &lt;who&gt; &lt;why&gt;
 * retain &lt;when&gt; &lt;who&gt; &lt;why&gt; &lt;until&gt;
 * signature &lt;base64&gt;                    Ed25519, over all lines before
 * </pre>
 *
 * <p>An older version of the file would pass for the newest: the audit log has every entry, too.
 */
public final class Custody {

  /** The file's name in the folder of the recording. */
  public static final String FILE = "custody.log";

  private static final String FORMAT = "parley-custody 1";

  /** Decisions of people. */
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  /** What somebody decided. */
  public enum Act {
    HOLD,
    RELEASE,
    RETAIN;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One decision.
   *
   * @param until of RETAIN; null otherwise
   */
  public record Entry(Act act, Instant when, String who, String why, @Nullable Instant until) {
    private String line() {
      return act.word()
          + " "
          + when
          + " "
          + URLEncoder.encode(who, StandardCharsets.UTF_8)
          + " "
          + URLEncoder.encode(why, StandardCharsets.UTF_8)
          + (until == null ? "" : " " + until);
    }

    private static Entry of(String line) throws IOException {
      String[] words = line.split(" ", -1);
      try {
        Act act = Act.valueOf(words[0].toUpperCase(Locale.ROOT));
        if (words.length == (act == Act.RETAIN ? 5 : 4)) {
          return new Entry(
              act,
              Instant.parse(words[1]),
              URLDecoder.decode(words[2], StandardCharsets.UTF_8),
              URLDecoder.decode(words[3], StandardCharsets.UTF_8),
              act == Act.RETAIN ? Instant.parse(words[4]) : null);
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        // not understood, as any other
      }
      throw new IOException(FILE + " cannot be understood");
    }
  }

  private final Path folder;
  private final String call;
  private final @Nullable Instant sealedUntil;
  private final boolean sealedHold;
  private final List<Entry> entries;

  private Custody(
      Path folder,
      String call,
      @Nullable Instant sealedUntil,
      boolean sealedHold,
      List<Entry> entries) {
    this.folder = folder;
    this.call = call;
    this.sealedUntil = sealedUntil;
    this.sealedHold = sealedHold;
    this.entries = entries;
  }

  /**
   * Reads it.
   *
   * @param key of whoever signs
   * @throws IOException with a sentence, when somebody else wrote it: then nothing may be deleted
   */
  public static Custody read(Path folder, PublicKey key) throws IOException {
    Path seal = folder.resolve(Seal.FILE);
    String call = "";
    String days = "";
    boolean hold = false;
    Instant ended = null;
    if (Files.isRegularFile(seal) && Files.size(seal) <= SealReader.MAX_BYTES) {
      for (SealReader.Line line : new SealReader(Files.readAllBytes(seal)).lines()) {
        String[] words = line.words();
        switch (words[0]) {
          case "call" -> call = words.length > 1 ? words[1] : "";
          case "retain" -> days = words.length > 1 ? words[1] : "";
          case "hold" -> hold = true;
          case "end" -> ended = words.length > 2 ? Instant.parse(words[2]) : null;
          default -> {}
        }
      }
    }
    Instant until =
        days.matches("[1-9][0-9]{0,5}")
            ? Optional.ofNullable(ended)
                .orElse(Instant.MAX.minus(Duration.ofDays(1_000_000)))
                .plus(Duration.ofDays(Long.parseLong(days)))
            : null;
    return new Custody(folder, call, until, hold, entries(folder, call, key));
  }

  private static List<Entry> entries(Path folder, String call, PublicKey key) throws IOException {
    Path file = folder.resolve(FILE);
    List<Entry> entries = new ArrayList<>();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return entries;
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(FILE + " is longer than any can be");
    }
    String all = Files.readString(file, StandardCharsets.ISO_8859_1);
    int signed = all.lastIndexOf(SealReader.SIGNATURE);
    if (signed < 0
        || !SignedText.isSigned(FORMAT, all.substring(0, signed), all.substring(signed), key)) {
      throw new IOException(FILE + " was changed, or signed with another key");
    }
    String[] lines = all.substring(0, signed).split("\n", -1);
    if (lines.length < 3 || !lines[0].equals(FORMAT) || !lines[1].equals("call " + call)) {
      throw new IOException(FILE + " is that of another recording");
    }
    for (int i = 2; i < lines.length - 1; i++) {
      entries.add(Entry.of(lines[i]));
    }
    return entries;
  }

  /** Every decision since it was sealed, the first one first. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Whether it is on legal hold. Releasing once ends all holds. */
  public boolean held() {
    boolean held = sealedHold;
    for (Entry entry : entries) {
      held = entry.act() == Act.RETAIN ? held : entry.act() == Act.HOLD;
    }
    return held;
  }

  /** Until when it has to be kept; empty when nobody said so. The latest of all dates counts. */
  public Optional<Instant> retainedUntil() {
    Instant latest = sealedUntil;
    for (Entry entry : entries) {
      Instant until = entry.until();
      if (until != null && (latest == null || until.isAfter(latest))) {
        latest = until;
      }
    }
    return Optional.ofNullable(latest);
  }

  /** Why it must not be deleted now, one sentence; empty when it may be. */
  public Optional<String> refusal(Instant now) {
    if (held()) {
      return Optional.of("it is on legal hold");
    }
    return retainedUntil()
        .filter(until -> until.isAfter(now))
        .map(until -> "it has to be kept until " + until);
  }

  /** Adds a decision, and signs all of them anew. Returns when it would survive a power cut. */
  public void add(Entry entry, SigningKey key) throws IOException {
    entries.add(entry);
    var text = new StringBuilder(FORMAT + "\ncall " + call + "\n");
    entries.forEach(each -> text.append(each.line()).append('\n'));
    text.append(SignedText.signature(FORMAT, text.toString(), key));
    SignedText.replace(folder.resolve(FILE), text.toString());
  }
}
