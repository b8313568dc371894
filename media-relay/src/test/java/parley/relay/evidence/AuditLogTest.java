package parley.relay.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00.123456Z"), ZoneOffset.UTC);
  private static final long ROOMY = 1L << 30;

  @TempDir Path folder;

  private AuditLog open() throws IOException {
    return AuditLog.open(folder, KEY, NOON, ROOMY);
  }

  private static AuditEntry entry(String what) {
    return new AuditEntry(
        "token chat server", what, "6aefcf3b", "complaint 4711", "192.0.2.7", AuditEntry.ALLOWED);
  }

  private AuditVerdict verify() throws IOException {
    return AuditVerifier.verify(folder, KEY.publicKey());
  }

  private Path onlyFile() throws IOException {
    return AuditLog.files(folder).getFirst();
  }

  @Test
  void writesALineOfJsonThatIsProvenByThePublicKeyAlone() throws IOException {
    AuditLog log = open();
    log.write(entry("recordings.play"));
    log.write(entry("recordings.export"));

    List<String> lines = Files.readAllLines(onlyFile());
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .startsWith(
            "{\"n\":1,\"at\":\"2026-11-22T12:00:00.123456Z\",\"who\":\"token chat server\","
                + "\"what\":\"recordings.play\",\"on\":\"6aefcf3b\",\"why\":\"complaint 4711\","
                + "\"from\":\"192.0.2.7\",\"outcome\":\"allowed\",\"before\":\"0000");
    AuditVerdict verdict = verify();
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.lines()).isEqualTo(2);
    assertThat(verdict.sha256()).isEqualTo(log.head().sha256());
  }

  @Test
  void goesOnWhereTheLastProcessStopped() throws IOException {
    open().write(entry("recordings.play"));
    AuditLog.Head head = open().write(entry("recordings.delete"));

    assertThat(head.n()).isEqualTo(2);
    assertThat(verify().proven()).isTrue();
  }

  @Test
  void writesWhateverAPersonIsCalledAndNoLineMore() throws IOException {
    AuditLog log = open();
    String name = "Zoë \"x\"\\\n{\"n\":9}\u2028\uD800 𝄞\u0000";
    log.write(new AuditEntry(name, "recordings.play", name, name, name, name));
    log.write(new AuditEntry("x".repeat(5000), "recordings.play", "", "", "", ""));

    assertThat(Files.readAllLines(onlyFile())).hasSize(2);
    assertThat(Files.readString(onlyFile())).contains("Zoë \\\"x\\\"\\\\\\u000a", "𝄞\\u0000");
    assertThat(verify().findings()).isEmpty();
  }

  @Test
  void findsAThousandDamagesAndNamesTheFirstBadLine() throws IOException {
    AuditLog log = open();
    for (int i = 0; i < 20; i++) {
      log.write(entry("recordings.play"));
    }
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    byte[] head = Files.readAllBytes(folder.resolve(AuditLog.HEAD));
    var random = new Random(11);
    for (int i = 0; i < 1000; i++) {
      Tampering.Damage damage = damage(random);

      List<Finding> findings = verify().findings();
      assertThat(findings).as("%s", damage).hasSize(1);
      Finding first = findings.getFirst();
      boolean atTheEnd = first.file().equals(AuditLog.HEAD) && damage.at() >= lastLine(whole);
      if (!damage.file().equals(AuditLog.HEAD) && !atTheEnd && inside(damage)) {
        assertThat(damage.at()).as("%s in %s", damage, first).isBetween(first.from(), first.to());
      }
      for (Path changed : AuditLog.files(folder)) {
        Files.delete(changed);
      }
      Files.deleteIfExists(folder.resolve("99-added.opus"));
      Files.write(file, whole);
      Files.write(folder.resolve(AuditLog.HEAD), head);
    }
    assertThat(verify().findings()).isEmpty();
  }

  /** Something is done to the log or to its head; the lock file holds nothing. */
  private Tampering.Damage damage(Random random) throws IOException {
    while (true) {
      Files.deleteIfExists(folder.resolve("audit.lock"));
      Tampering.Damage damage = Tampering.apply(folder, random);
      if (damage.kind() != Tampering.Kind.ADD) {
        return damage;
      }
      Files.delete(folder.resolve(damage.file())); // no file of the log
    }
  }

  private static boolean inside(Tampering.Damage damage) {
    return damage.kind() != Tampering.Kind.REMOVE;
  }

  private static int lastLine(byte[] content) {
    int at = content.length - 1;
    while (content[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  @Test
  void findsLinesCutOffAtTheEnd() throws IOException {
    AuditLog log = open();
    for (int i = 0; i < 5; i++) {
      log.write(entry("recordings.play"));
    }
    byte[] whole = Files.readAllBytes(onlyFile());
    Files.write(onlyFile(), Arrays.copyOf(whole, lastLine(whole)));

    assertThat(verify().findings())
        .extracting(Finding::toString)
        .containsExactly(
            "audit.head at byte 0: it speaks of line 5, which is not in the log any more");
  }

  @Test
  void findsALogThatWasMadeAnewWithAnotherKey() throws IOException {
    AuditLog.open(folder, SigningKey.create(), NOON, ROOMY).write(entry("recordings.play"));

    assertThat(verify().findings())
        .extracting(Finding::what)
        .containsExactly("line 1 was not signed with this key, or was changed");
  }

  @Test
  void isNotWrittenOnWhenItWasChanged() throws IOException {
    AuditLog log = open();
    log.write(entry("recordings.play"));
    log.write(entry("recordings.play"));
    byte[] whole = Files.readAllBytes(onlyFile());
    Files.write(onlyFile(), Arrays.copyOf(whole, lastLine(whole)));

    assertThatThrownBy(() -> log.write(entry("recordings.delete")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not as it was left")
        .hasMessageContaining("./parley recordings audit --verify");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
  }

  @Test
  void survivesBeingKilledAtEveryByteOfALine() throws IOException {
    AuditLog log = open();
    log.write(entry("recordings.play"));
    byte[] head = Files.readAllBytes(folder.resolve(AuditLog.HEAD));
    log.write(entry("recordings.export"));
    byte[] newHead = Files.readAllBytes(folder.resolve(AuditLog.HEAD));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int cut = lastLine(whole); cut <= whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      Files.write(folder.resolve(AuditLog.HEAD), head); // it is written after the line

      open().write(entry("recordings.hold"));
      assertThat(verify().findings()).as("killed after %s bytes", cut).isEmpty();
      String text = Files.readString(file);
      boolean half = cut > lastLine(whole) && cut < whole.length;
      assertThat(text.contains("audit.mended")).isEqualTo(half);
      assertThat(text).contains("recordings.play", "recordings.hold");
    }
    Files.write(file, whole);
    Files.write(folder.resolve(AuditLog.HEAD), newHead);
    assertThat(verify().proven()).isTrue();
  }

  @Test
  void carriesTheChainThroughItsFilesAndSaysWhichOneWent() throws IOException {
    AuditLog log = AuditLog.open(folder, KEY, NOON, 1); // 64 files of 32 KiB
    String longWhy = "because ".repeat(100);
    for (int i = 0; i < 700; i++) {
      log.write(new AuditEntry(longWhy, longWhy, longWhy, longWhy, longWhy, longWhy));
    }

    assertThat(AuditLog.files(folder)).hasSize(64);
    AuditVerdict verdict = verify();
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.first()).isGreaterThan(1);
    assertThat(verdict.last()).isEqualTo(log.head().n());

    Files.delete(AuditLog.files(folder).get(0));
    assertThat(verify().findings())
        .extracting(Finding::what)
        .allMatch(what -> what.matches("the lines before number \\d+ are gone"));
    AuditLog other = AuditLog.open(folder, KEY, NOON, 1);
    Files.delete(AuditLog.files(folder).get(30));
    assertThat(verify().findings())
        .extracting(Finding::what)
        .allMatch(what -> what.matches("line \\d+ should stand here, not number \\d+"));
    assertThat(other.head()).isEqualTo(log.head());
  }

  @Test
  void isSharedByProcessesThatWriteAtTheSameTime() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<AuditLog.Head> writer =
          () -> {
            AuditLog own = open();
            for (int i = 0; i < 25; i++) {
              own.write(entry("recordings.play"));
            }
            return own.head();
          };
      for (Future<AuditLog.Head> done : threads.invokeAll(List.of(writer, writer, writer))) {
        assertThat(done.get().n()).isPositive();
      }
    }

    AuditVerdict verdict = verify();
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.lines()).isEqualTo(75);
  }

  @Test
  void refusesToAllowWhatItCannotWriteDown() throws IOException {
    AuditLog log = open();
    log.write(entry("recordings.play"));
    Files.write(onlyFile(), new byte[] {'x', '\n'}, StandardOpenOption.APPEND);

    assertThatThrownBy(() -> log.write(entry("recordings.play")))
        .hasMessageContaining("its last line is none that was written here");
  }
}
