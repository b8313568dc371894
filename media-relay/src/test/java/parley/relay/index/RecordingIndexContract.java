package parley.relay.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.relay.index.IndexedRecording.Party;
import parley.relay.index.IndexedRecording.Place;
import parley.relay.index.IndexedRecording.Policy;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.IndexedRecording.Verified;
import parley.relay.index.RecordingSearch.Cursor;
import parley.relay.index.RecordingSearch.Page;

/** What an index has to do, whatever database it is in: the same for each of them. */
abstract class RecordingIndexContract {

  static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  static final String OTHER_TEAM = "00000000-0000-4000-8000-000000000001";
  static final Instant NOON = Instant.parse("2026-11-22T12:00:01.123Z");

  abstract RecordingIndex index();

  static Party party(String contact, String name, long talkMs) {
    return new Party(
        contact, name, "Firefox on Linux", "01-track.opus", 200, 61_500, talkMs, 4_000, 0, 0.9998);
  }

  /** One that a search can ask everything of. */
  static IndexedRecording recording(String id, Instant began, Party... parties) {
    return new IndexedRecording(
        id,
        id.substring(18),
        TEAM,
        "g-1",
        "Weekly meeting",
        "alpha",
        began,
        began.plusMillis(61_500),
        61_500,
        State.COMPLETE,
        0.9998,
        40_200,
        3_100,
        List.of(parties),
        new Policy("trading", "2026-01", "required_during", "mifid-5y"),
        began.plus(Duration.ofDays(1827)),
        false,
        true,
        Place.DISK_AND_STORE,
        1_234_567,
        Verified.NEVER,
        "stamp");
  }

  static String id(int number) {
    return "2026-11-22/120001-call-" + number;
  }

  private static IndexedRecording other(
      IndexedRecording of, String team, String chat, String title, State state, boolean held) {
    return new IndexedRecording(
        of.id(),
        of.call(),
        team,
        chat,
        title,
        of.node(),
        of.began(),
        null,
        of.lengthMs(),
        state,
        of.completeness(),
        of.talkMs(),
        0,
        of.parties(),
        new Policy("optional", "built-in", "optional", ""),
        null,
        held,
        false,
        Place.DISK,
        0,
        Verified.NEVER,
        "other stamp");
  }

  private static RecordingSearch search(@Nullable String chat, String... parties) {
    return new RecordingSearch(
        List.of(parties),
        chat,
        Set.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Set.of(),
        null,
        false);
  }

  private List<String> found(RecordingSearch search) throws SQLException {
    return index().search(search, null, 100).recordings().stream()
        .map(IndexedRecording::id)
        .toList();
  }

  @Test
  void givesBackWhatWasPutIn() throws SQLException {
    var all = recording(id(1), NOON, party("d-1", "Zoë \"Z\" O'Hara", 20_100), party("d-2", "", 0));
    var bare = other(recording(id(2), NOON), "", "", "", State.DELETED, false);
    index().put(List.of(all, bare));
    assertThat(index().find(id(1))).contains(all);
    assertThat(index().find(id(2))).contains(bare);
    assertThat(index().find("2026-11-22/120000-nothing")).isEmpty();
    assertThat(index().stamps())
        .containsExactlyInAnyOrderEntriesOf(Map.of(id(1), "stamp", id(2), "other stamp"));
  }

  @Test
  void replacesARowAndKeepsWhatWasVerified() throws SQLException {
    index().put(List.of(recording(id(1), NOON, party("d-1", "Alice", 1), party("d-2", "Bob", 1))));
    var proven = new Verified(Proof.PROVEN, NOON, "");
    index().verified(id(1), proven);
    index().put(List.of(recording(id(1), NOON, party("d-1", "Alice", 2))));
    IndexedRecording now = index().find(id(1)).orElseThrow();
    assertThat(now.parties()).containsExactly(party("d-1", "Alice", 2));
    assertThat(now.verified()).isEqualTo(proven);
    index().verified(id(1), new Verified(Proof.BROKEN, NOON, "x".repeat(5_000)));
    assertThat(index().find(id(1)).orElseThrow().verified().note()).hasSize(2_000);
  }

  @Test
  void takesOutWhatIsGone() throws SQLException {
    index().put(List.of(recording(id(1), NOON, party("d-1", "Alice", 1)), recording(id(2), NOON)));
    index().remove(List.of(id(1), id(3)));
    assertThat(found(RecordingSearch.ALL)).containsExactly(id(2));
    assertThat(found(search(null, "d-1"))).isEmpty();
  }

  @Test
  void findsByWhoTookPart() throws SQLException {
    index()
        .put(
            List.of(
                recording(
                    id(1), NOON, party("d-1", "Alice Adams", 1), party("d-2", "Bob Brown", 1)),
                recording(id(2), NOON.plusSeconds(1), party("d-2", "Bob Brown", 1)),
                recording(id(3), NOON.plusSeconds(2), party("d-3", "100% O_o!", 1))));
    assertThat(found(search(null, "bob"))).containsExactly(id(2), id(1));
    assertThat(found(search(null, "BROWN", "d-1"))).containsExactly(id(1));
    assertThat(found(search(null, "d-"))).as("a jid is a whole one").isEmpty();
    assertThat(found(search(null, "0% o_O!"))).containsExactly(id(3));
    assertThat(found(search(null, "%")))
        .as("no character stands for others")
        .containsExactly(id(3));
    assertThat(found(search(null, "_"))).containsExactly(id(3));
    assertThat(found(search(null, "' or '1'='1"))).isEmpty();
  }

  @Test
  void findsByWhereAndWhichCall() throws SQLException {
    IndexedRecording elsewhere =
        other(recording(id(2), NOON), OTHER_TEAM, "d-1+d-2", "Alice, Bob", State.COMPLETE, true);
    index().put(List.of(recording(id(1), NOON), elsewhere));
    assertThat(found(search("week"))).containsExactly(id(1));
    assertThat(found(search("g-1"))).containsExactly(id(1));
    assertThat(found(search("d-1+d-2"))).containsExactly(id(2));
    assertThat(found(search("d-1"))).isEmpty();
    RecordingSearch within = Objects.requireNonNull(RecordingSearch.ALL.within(Set.of(OTHER_TEAM)));
    assertThat(found(within)).containsExactly(id(2));
    assertThat(within.within(Set.of(TEAM))).as("nothing is left to ask for").isNull();
    var byCall =
        new RecordingSearch(
            List.of(),
            null,
            Set.of(TEAM),
            id(1).substring(18),
            NOON,
            NOON.plusMillis(1),
            Duration.ofMillis(61_500),
            Duration.ofMillis(61_501),
            null,
            null,
            "trading",
            "mifid-5y",
            false,
            Set.of(State.COMPLETE),
            Proof.UNKNOWN,
            false);
    assertThat(found(byCall)).containsExactly(id(1));
  }

  @Test
  void findsByLengthAndTalk() throws SQLException {
    index()
        .put(
            List.of(
                recording(id(1), NOON, party("d-1", "Alice", 20_000), party("d-2", "Bob", 500)),
                other(recording(id(2), NOON), TEAM, "g-1", "", State.STOPPED, true)));
    assertThat(found(lengths(Duration.ofSeconds(62), null, null))).isEmpty();
    assertThat(found(lengths(null, Duration.ofSeconds(3), null))).containsExactly(id(1));
    assertThat(found(lengths(null, Duration.ofSeconds(4), null))).isEmpty();
    assertThat(found(lengths(null, null, Duration.ofSeconds(20)))).containsExactly(id(1));
    assertThat(found(lengths(null, null, Duration.ofSeconds(20), "alice"))).containsExactly(id(1));
    assertThat(found(lengths(null, null, Duration.ofSeconds(20), "bob"))).isEmpty();
    assertThat(found(held(true))).containsExactly(id(2));
    assertThat(found(held(false))).containsExactly(id(1));
  }

  private static RecordingSearch lengths(
      @Nullable Duration longer,
      @Nullable Duration talkedOver,
      @Nullable Duration talked,
      String... parties) {
    return new RecordingSearch(
        List.of(parties),
        null,
        Set.of(),
        null,
        null,
        null,
        longer,
        null,
        talked,
        talkedOver,
        null,
        null,
        null,
        Set.of(),
        null,
        false);
  }

  private static RecordingSearch held(boolean held) {
    return new RecordingSearch(
        List.of(), null, Set.of(), null, null, null, null, null, null, null, null, null, held,
        Set.of(), null, false);
  }

  @Test
  void leavesDeletedOnesOutUnlessTheyAreAskedFor() throws SQLException {
    index()
        .put(
            List.of(
                recording(id(1), NOON),
                other(recording(id(2), NOON), "", "", "", State.DELETED, false)));
    assertThat(found(RecordingSearch.ALL)).containsExactly(id(1));
    var deleted =
        new RecordingSearch(
            List.of(),
            null,
            Set.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Set.of(State.DELETED, State.RUNNING),
            null,
            false);
    assertThat(found(deleted)).containsExactly(id(2));
  }

  /** Many began in the same millisecond, and some come and go between two pages. */
  @Test
  void showsEachOnceOnPages() throws SQLException {
    List<IndexedRecording> all = new ArrayList<>();
    for (int i = 0; i < 47; i++) {
      all.add(recording(id(i), NOON.plusMillis(i / 10)));
    }
    Collections.shuffle(all, new Random(1));
    index().put(all);
    for (boolean oldest : new boolean[] {false, true}) {
      var search =
          new RecordingSearch(
              List.of(), null, Set.of(), null, null, null, null, null, null, null, null, null, null,
              Set.of(), null, oldest);
      List<String> seen = new ArrayList<>();
      Optional<Cursor> after = Optional.empty();
      do {
        Page page = index().search(search, after.orElse(null), 10);
        page.recordings().forEach(each -> seen.add(each.id()));
        after = Optional.ofNullable(page.next()).map(c -> Cursor.tryParse(c.text()));
        IndexedRecording first = index().find(seen.getFirst()).orElseThrow();
        index().remove(List.of(first.id()));
        index().put(List.of(first));
      } while (after.isPresent());
      assertThat(seen).hasSize(47).doesNotHaveDuplicates();
      List<Integer> began = seen.stream().map(RecordingIndexContract::tenth).toList();
      List<Integer> sorted = began.stream().sorted().toList();
      assertThat(began).isEqualTo(oldest ? sorted : sorted.reversed());
    }
  }

  /** Which of the milliseconds it began in. */
  private static int tenth(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1)) / 10;
  }

  @Test
  void refusesCursorsThatItDidNotMake() {
    for (String text : List.of("", "x", "MTIz", "!!", "MTIzIC4uLy4uL2V0Yw", "y".repeat(10_000))) {
      assertThat(Cursor.tryParse(text)).as(text).isNull();
    }
    var cursor = new Cursor(NOON, id(7));
    assertThat(Cursor.tryParse(cursor.text())).isEqualTo(cursor);
  }
}
