package parley.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.SigningKey;
import parley.relay.index.FolderReader;
import parley.relay.index.FolderScan;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.RecordedCall;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.reconcile.Shortfall.Kind;

@Timeout(120)
class ReconciliationTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  private static final Instant LATER = Instant.parse("2026-11-23T03:00:00Z");
  private static final String UID = "0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1";
  private static final String BEGAN = "2026-11-22T12:00:01Z";

  @TempDir Path root;

  private CallLine line(String at, String what, String call, @Nullable Boolean records) {
    return new CallLine(
        at,
        what,
        call,
        "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9",
        "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2",
        "Weekly meeting",
        records == null ? null : "trading (2026-01)",
        records,
        what.equals("not_recorded") ? "The disk is full." : "");
  }

  private void log(CallLine... lines) {
    try (var log = new CallLog(root, Instant.parse("2026-11-22T00:00:00Z"))) {
      Stream.of(lines).forEach(log::write);
    }
  }

  private void logged(int seconds) {
    log(
        line(BEGAN, CallLine.STARTED, UID, true),
        line(Instant.parse(BEGAN).plusSeconds(seconds).toString(), CallLine.FINISHED, UID, null));
  }

  private RecordedCall call(int seconds) {
    return new RecordedCall(UID, BEGAN, Duration.ofSeconds(seconds)).with("d-1", "Alice", 0, 1_000);
  }

  private ReconciliationReport run(@Nullable RecordingIndex index) throws Exception {
    return new Reconciliation(
            new RecordingFolders(root),
            KEY.publicKey(),
            index,
            0.99,
            Clock.fixed(LATER, ZoneOffset.UTC))
        .run(DAY, (done, of) -> {});
  }

  private List<Shortfall> shortfalls() throws Exception {
    return run(null).shortfalls();
  }

  private void expect(Kind kind, String sentence) throws Exception {
    assertThat(shortfalls()).hasSize(1);
    Shortfall only = shortfalls().getFirst();
    assertThat(only.kind()).isEqualTo(kind);
    assertThat(only.call()).isEqualTo(UID);
    assertThat(only.sentence()).contains(sentence);
  }

  @Test
  void findsNothingWrongWithARecordingThatIsWholeAndSaysWhatItProved() throws Exception {
    logged(8);
    Path folder = call(8).record(root, KEY);
    try (RecordingIndex index = RecordingIndex.inMemory()) {
      var folders = new RecordingFolders(root);
      new FolderScan(index, folders, new FolderReader(folders, KEY.publicKey()))
          .run((done, of) -> {});
      ReconciliationReport report = run(index);
      assertThat(report.shortfalls()).isEmpty();
      assertThat(report.due()).isEqualTo(1);
      assertThat(report.recordings()).isEqualTo(1);
      assertThat(report.unexpected()).isZero();
      String id = folders.id(folder).orElseThrow();
      assertThat(index.find(id).orElseThrow().verified().proof()).isEqualTo(Proof.PROVEN);
      report.write(root);
      assertThat(ReconciliationReport.read(root, DAY)).contains(report);
    }
  }

  @Test
  void missesARecordingThatIsNotThereAndSaysWhatWasSaidOfIt() throws Exception {
    log(
        line(BEGAN, CallLine.STARTED, UID, true),
        line(BEGAN, "not_recorded", UID, true),
        line("2026-11-22T12:10:00Z", CallLine.FINISHED, UID, null));
    expect(Kind.MISSING, "there is no recording: The disk is full.");
    ReconciliationReport report = run(null);
    report.write(root);
    assertThat(ReconciliationReport.read(root, DAY)).contains(report);
  }

  @Test
  void missesWhatIsLackingAtTheEnd() throws Exception {
    logged(60);
    call(8).record(root, KEY);
    expect(Kind.INCOMPLETE, "52.0 s of the call are not recorded");
  }

  @Test
  void namesWhatIsNotAsItWasSealed() throws Exception {
    logged(8);
    Path folder = call(8).record(root, KEY);
    Files.write(folder.resolve("01-alice.opus"), new byte[] {1}, StandardOpenOption.APPEND);
    expect(Kind.UNVERIFIED, "01-alice.opus");
  }

  @Test
  void takesADeletionWithItsCertificateForARecording() throws Exception {
    logged(60);
    Path folder = call(8).record(root, KEY);
    Deletion.delete(folder, LATER, "me", "retention is over", KEY);
    assertThat(shortfalls()).isEmpty();
    Path certificate = folder.resolve(Deletion.FILE);
    Files.writeString(certificate, Files.readString(certificate).replace("retention", "attention"));
    expect(Kind.UNVERIFIED, "certificate");
  }

  @Test
  void asksOnlyForWhatHadToBeRecorded() throws Exception {
    String other = "00000000-0000-4000-8000-000000000001";
    log(
        line("2026-11-22T11:00:00Z", CallLine.STARTED, other, false),
        line("2026-11-22T11:30:00Z", CallLine.FINISHED, other, null),
        line("2026-11-22T11:59:00Z", CallLine.STARTED, UID, false),
        line(BEGAN, "switched_on", UID, false),
        line("2026-11-22T12:00:09Z", "switched_off", UID, false),
        line("2026-11-22T12:30:00Z", CallLine.FINISHED, UID, null));
    expect(Kind.MISSING, "no recording");
    call(8).record(root, KEY);
    assertThat(shortfalls()).isEmpty();
  }

  @Test
  void holdsARuleAgainstTheCallFromWhenItCame() throws Exception {
    log(
        line("2026-11-22T11:59:00Z", CallLine.STARTED, UID, false),
        line(BEGAN, "ruled", UID, true),
        line("2026-11-22T12:00:09Z", CallLine.FINISHED, UID, null));
    expect(Kind.MISSING, "no recording");
    call(8).record(root, KEY);
    assertThat(shortfalls()).isEmpty();
  }

  /** The log knows no more than that another process began. */
  @Test
  void asksForARecordingOfACallThatACrashEnded() throws Exception {
    log(line(BEGAN, CallLine.STARTED, UID, true));
    try (var log = new CallLog(root, Instant.parse("2026-11-22T18:00:00Z"))) {
      assertThat(log.lost()).isZero();
    }
    expect(Kind.MISSING, "no recording");
    call(8).record(root, KEY);
    assertThat(shortfalls()).as("for how long it went on nobody knows").isEmpty();
  }

  @Test
  void passesOverLinesThatACrashCutOff() throws Exception {
    log(line(BEGAN, CallLine.STARTED, UID, true));
    Path file = root.resolve("calls/2026-11-22.jsonl");
    Files.writeString(file, "{\"at\":\"2026-11-22T1", StandardOpenOption.APPEND);
    log(line("2026-11-22T12:10:00Z", CallLine.FINISHED, UID, null));
    assertThat(CallLog.read(root, DAY))
        .extracting(CallLine::what)
        .containsExactly(
            CallLine.NODE_BEGAN, CallLine.STARTED, CallLine.NODE_BEGAN, CallLine.FINISHED);
  }

  @Test
  void saysWhenThereIsNoLogAtAll() throws Exception {
    call(8).record(root, KEY);
    ReconciliationReport report = run(null);
    assertThat(report.logged()).isFalse();
    assertThat(report.unexpected()).isEqualTo(1);
  }
}
