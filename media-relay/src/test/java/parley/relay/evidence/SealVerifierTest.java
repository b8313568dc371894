package parley.relay.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealVerifierTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String CALL = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";

  @TempDir Path folder;

  /** Two tracks of some segments each, and a document. */
  private Seal writeTracks(Path into, int segments) throws IOException {
    var random = new Random(7);
    Seal seal = Seal.begin(into, CALL, NOON, KEY);
    for (String track : List.of("01-alice.opus", "02-bob.opus")) {
      byte[] content = new byte[0];
      for (int i = 0; i < segments; i++) {
        byte[] segment = new byte[500 + random.nextInt(3000)];
        random.nextBytes(segment);
        seal.segment(track, content.length, segment.length, SealLine.sha256(segment));
        int before = content.length;
        content = Arrays.copyOf(content, before + segment.length);
        System.arraycopy(segment, 0, content, before, segment.length);
      }
      Files.write(into.resolve(track), content);
    }
    Files.writeString(into.resolve("call.json"), "{\"call\": \"" + CALL + "\", \"version\": 1}");
    return seal;
  }

  private Path sealed() throws IOException {
    Path recording = Files.createDirectories(folder.resolve("sealed"));
    try (Seal seal = writeTracks(recording, 5)) {
      seal.document("call.json");
      seal.end(Seal.End.COMPLETE, NOON);
    }
    return recording;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static Verdict verify(Path recording) throws IOException {
    return SealVerifier.verify(recording, KEY.publicKey());
  }

  private static void recover(Path recording) throws IOException {
    SealRecovery.of(recording)
        .seal(
            List.of("call.json"), name -> name.endsWith(".opus"), Seal.End.INTERRUPTED, NOON, KEY);
  }

  @Test
  void provesARecordingThatNobodyTouched() throws IOException {
    Verdict verdict = verify(sealed());

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.proven()).isTrue();
    assertThat(verdict.call()).isEqualTo(CALL);
    assertThat(verdict.end()).isEqualTo("complete");
    assertThat(verdict.files()).isEqualTo(3);
    assertThat(verdict.segments()).isEqualTo(10);
    assertThat(verdict.recoveredBytes()).isZero();
  }

  @Test
  void findsAThousandDamagesAndNamesTheFileAndThePlace() throws IOException {
    Path whole = sealed();
    var random = new Random(42);
    for (int i = 0; i < 1000; i++) {
      Path damaged = folder.resolve("damaged-" + i);
      copy(whole, damaged);
      Tampering.Damage damage = Tampering.apply(damaged, random);

      Verdict verdict = verify(damaged);
      assertThat(verdict.proven()).as("%s", damage).isFalse();
      Finding first =
          verdict.findings().stream()
              .filter(f -> f.file().equals(damage.file()))
              .findFirst()
              .orElseThrow(() -> new AssertionError(damage + " not in " + verdict.findings()));
      assertThat(damage.at())
          .as("%s in %s", damage, first)
          .isBetween(first.from(), first.to()); // what was cut off is behind the last byte
    }
  }

  @Test
  void refusesTheSealOfAnotherKey() throws IOException {
    Path recording = sealed();
    Files.delete(recording.resolve("seal.log"));
    SigningKey forger = SigningKey.create();
    try (Seal seal = Seal.begin(recording, CALL, NOON, forger)) {
      for (String file : List.of("01-alice.opus", "02-bob.opus", "call.json")) {
        seal.document(file);
      }
      seal.end(Seal.End.COMPLETE, NOON);
    }

    assertThat(SealVerifier.verify(recording, forger.publicKey()).proven()).isTrue();
    assertThat(verify(recording).findings())
        .extracting(Finding::what)
        .containsExactly(
            "the signature is not that of this key: the seal was made anew, or by another node",
            "the recording was sealed with another key");
  }

  @Test
  void doesNotTakeARunningRecordingForProven() throws IOException {
    Path recording = Files.createDirectories(folder.resolve("running"));
    writeTracks(recording, 2).close();

    assertThat(verify(recording).findings().getFirst().what())
        .startsWith("the seal was never closed");
  }

  @Test
  void sealsWhatACrashLeftAndSaysSo() throws IOException {
    Path recording = Files.createDirectories(folder.resolve("crashed"));
    writeTracks(recording, 2).close();
    Path bob = recording.resolve("02-bob.opus");
    byte[] written = Files.readAllBytes(bob);
    byte[] more = Arrays.copyOf(written, written.length + 100);
    Files.write(bob, more);
    Path seal = recording.resolve(Seal.FILE);
    Files.writeString(seal, Files.readString(seal) + "segment 17 half a li");

    recover(recording);

    Verdict verdict = verify(recording);
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.end()).isEqualTo("interrupted");
    assertThat(verdict.recoveredBytes()).isEqualTo(100);
  }

  @Test
  void takesUpARecoveryThatWasItselfInterruptedAnywhere() throws IOException {
    Path crashed = Files.createDirectories(folder.resolve("crashed"));
    writeTracks(crashed, 2).close();
    for (String track : List.of("01-alice.opus", "02-bob.opus")) {
      Path file = crashed.resolve(track);
      byte[] written = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(written, written.length + 100));
    }
    String before = Files.readString(crashed.resolve(Seal.FILE));
    Path once = folder.resolve("once");
    copy(crashed, once);
    recover(once);
    String after = Files.readString(once.resolve(Seal.FILE));
    assertThat(after).startsWith(before);

    for (int written = before.length(); written <= after.length(); written += 7) {
      Path again = folder.resolve("again-" + written);
      copy(crashed, again);
      Files.writeString(again.resolve(Seal.FILE), after.substring(0, written));
      recover(again);

      assertThat(verify(again).findings()).as("broken off after %d bytes", written).isEmpty();
      assertThat(verify(again).recoveredBytes()).isEqualTo(200);
    }
  }

  @Test
  void tellsHowFarTheProcessHadCome() throws IOException {
    Path recording = Files.createDirectories(folder.resolve("crashed"));
    assertThat(SealRecovery.of(recording).state()).isEqualTo(SealRecovery.State.NONE);
    Seal seal = writeTracks(recording, 2);
    assertThat(SealRecovery.of(recording).state()).isEqualTo(SealRecovery.State.OPEN);
    assertThat(SealRecovery.of(recording).call()).isEqualTo(CALL);
    seal.document("call.json");
    assertThat(SealRecovery.of(recording).state()).isEqualTo(SealRecovery.State.DESCRIBED);
    seal.end(Seal.End.COMPLETE, NOON);
    assertThat(SealRecovery.of(recording).state()).isEqualTo(SealRecovery.State.CLOSED);
  }

  @Test
  void signsASealThatLacksNothingElse() throws IOException {
    Path recording = sealed();
    Path seal = recording.resolve(Seal.FILE);
    String text = Files.readString(seal);
    Files.writeString(seal, text.substring(0, text.indexOf("signature ") + 20));

    recover(recording);

    assertThat(verify(recording).proven()).isTrue();
    assertThat(Files.readString(seal)).isEqualTo(text);
  }

  @Test
  void neverMendsASealThatSomebodyChanged() throws IOException {
    Path recording = Files.createDirectories(folder.resolve("changed"));
    writeTracks(recording, 2).close();
    Path seal = recording.resolve(Seal.FILE);
    String changed = Files.readString(seal).replaceFirst("segment 0 ", "segment 1 ");
    Files.writeString(seal, changed);

    recover(recording);

    assertThat(Files.readString(seal)).isEqualTo(changed);
    assertThat(verify(recording).proven()).isFalse();
  }
}
