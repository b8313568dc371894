package parley.relay.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.AuditEntry;
import parley.relay.evidence.AuditLog;
import parley.relay.evidence.BundleVerdict;
import parley.relay.evidence.BundleVerifier;
import parley.relay.evidence.Finding;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Ffmpeg;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

@Timeout(120)
class ExportBundleTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final String NAME = "2026-11-22-120001-" + SpokenCall.CALL.value();

  @TempDir Path folder;

  private KeyRing ring = KeyRing.NONE;
  private Path recording = Path.of("");
  private Path audit = Path.of("");
  private Path zip = Path.of("");

  @BeforeEach
  void export() throws Exception {
    byte[] secret = new byte[32];
    new Random(7).nextBytes(secret);
    Path kek = folder.resolve("kek");
    Files.writeString(kek, Base64.getEncoder().encodeToString(secret));
    ring = new KeyRing(List.of(KeyAddress.open("file:" + kek, new char[0])), List.of());
    var call = new SpokenCall(folder.resolve("recordings"), KEY, ring);
    call.joins("Alice", 400, 0).says(0, 3000);
    call.joins("Bob", 900, 1000).says(2000, 4000);
    recording = call.ends(5000);
    audit = folder.resolve("audit");
    AuditLog log = AuditLog.open(audit, KEY, Clock.systemUTC(), 1 << 20);
    log.write(entry("call.recorded", SpokenCall.CALL.value()));
    log.write(entry("call.recorded", "another call"));
    log.write(entry("recordings.export", String.valueOf(recording.getFileName())));
    zip = folder.resolve(ExportBundle.fileName(recording));
    try (OutputStream out = Files.newOutputStream(zip)) {
      bundle().write(out, Progress.NONE);
    }
  }

  private ExportBundle bundle() {
    return new ExportBundle(recording, ring, KEY, audit, "olga", "case 12", true, true);
  }

  private static AuditEntry entry(String what, String on) {
    return new AuditEntry("olga", what, on, "\",\"on\":\"x", "terminal", AuditEntry.ALLOWED);
  }

  private Path unpack() throws IOException {
    Path to = folder.resolve("unpacked");
    try (FileSystem files = FileSystems.newFileSystem(zip);
        Stream<Path> all = Files.walk(files.getPath("/"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(file.toString().substring(1));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return to.resolve(NAME);
  }

  /** What plain {@code java} says: its exit code, then its output. */
  private static String plainJava(Path directory, String... words) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(java), Stream.of(words)).toList())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + " " + said;
  }

  @Test
  void holdsWhatSomebodyNeedsWhoHasNothingOfOurs() throws Exception {
    Path bundle = unpack();
    try (Stream<Path> all = Files.walk(bundle)) {
      assertThat(
              all.filter(Files::isRegularFile)
                  .map(file -> bundle.relativize(file).toString())
                  .sorted())
          .containsExactly(
              "README.txt",
              "audit.jsonl",
              "bundle.log",
              "mix.opus",
              "mix.wav",
              "recording/01-alice.opus.enc",
              "recording/02-bob.opus.enc",
              "recording/call.json",
              "recording/seal.log",
              "recording/wrapped.keys",
              "seal.pub",
              "tracks/01-alice.opus",
              "tracks/02-bob.opus",
              "verify.jar");
    }
    assertThat(Files.readString(bundle.resolve("audit.jsonl")).lines())
        .hasSize(2)
        .noneMatch(line -> line.contains("another call"));
    short[] bob = Ffmpeg.decode(bundle.resolve("tracks/02-bob.opus"), "libopus");
    assertThat(Ffmpeg.amplitude(bob, 3 * 48_000, 3 * 48_000 + 24_000, 900)).isGreaterThan(3000);
    assertThat(Ffmpeg.duration(bundle.resolve("mix.wav"))).isCloseTo(5, within(0.001));
    assertThat(Ffmpeg.probe(bundle.resolve("mix.opus"))).contains("codec_name=opus");
  }

  @Test
  void provesItselfWithAJdkAlone() throws Exception {
    Path bundle = unpack();
    assertThat(plainJava(bundle, "-jar", "verify.jar"))
        .startsWith("0 ")
        .contains("exported   2", "by olga: case 12", "seal       proven: complete")
        .contains("audit log  2 lines", "came with the bundle")
        .endsWith("\nPROVEN\n");
    Path jar = Files.copy(bundle.resolve("verify.jar"), folder.resolve("mine.jar"));
    Path pub = Files.copy(bundle.resolve("seal.pub"), folder.resolve("mine.pub"));
    assertThat(plainJava(folder, "-jar", jar.toString(), zip.toString(), pub.toString()))
        .startsWith("0 ")
        .doesNotContain("came with the bundle")
        .endsWith("\nPROVEN\n");

    Path wave = bundle.resolve("mix.wav");
    byte[] bytes = Files.readAllBytes(wave);
    bytes[bytes.length - 5] ^= 4;
    Files.write(wave, bytes);
    assertThat(plainJava(bundle, "-jar", "verify.jar"))
        .startsWith("1 mix.wav bytes 0–" + (bytes.length - 1) + ": somewhere in here")
        .endsWith("\nNOT PROVEN\n");
  }

  @Test
  void namesEveryByteThatIsFlipped() throws Exception {
    Path bundle = unpack();
    Random random = new Random(20_261_122);
    List<Path> files;
    try (Stream<Path> all = Files.walk(bundle)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = bundle.relativize(file).toString();
      for (int i = 0; i < 10; i++) {
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        int at = random.nextInt(whole.length);
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, flipped);
        BundleVerdict verdict = BundleVerifier.verify(bundle, KEY.publicKey());
        assertThat(verdict.proven()).as("%s, byte %d", name, at).isFalse();
        assertThat(verdict.findings())
            .as("%s, byte %d", name, at)
            .anyMatch(it -> it.file().equals(name) && it.from() <= at && at < it.to());
        Files.write(file, whole);
      }
    }
    assertThat(BundleVerifier.verify(bundle, KEY.publicKey()).proven()).isTrue();
  }

  @Test
  void namesWhatIsAddedCutAppendedOrByAnotherHand() throws Exception {
    Path bundle = unpack();
    Files.writeString(bundle.resolve("recording/note.txt"), "added");
    byte[] mix = Files.readAllBytes(bundle.resolve("mix.opus"));
    Files.write(bundle.resolve("mix.opus"), Arrays.copyOf(mix, mix.length - 1));
    Files.writeString(
        bundle.resolve("audit.jsonl"), Files.readString(bundle.resolve("audit.jsonl")) + "{}\n");
    Files.delete(bundle.resolve("tracks/01-alice.opus"));
    assertThat(BundleVerifier.verify(bundle, KEY.publicKey()).findings())
        .extracting(Finding::file)
        .contains("recording/note.txt", "mix.opus", "audit.jsonl", "tracks/01-alice.opus");
    assertThat(BundleVerifier.verify(zip, SigningKey.create().publicKey()).findings())
        .extracting(Finding::file)
        .contains("bundle.log", "audit.jsonl");
    assertThatThrownBy(() -> BundleVerifier.verify(recording, KEY.publicKey()))
        .hasMessageContaining("holds no bundle");
    assertThatThrownBy(() -> BundleVerifier.verify(audit.resolve("audit.head"), KEY.publicKey()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void saysWhyThereIsNothingToExport() throws Exception {
    Files.delete(recording.resolve("01-alice.opus.enc"));
    assertThatThrownBy(() -> bundle().write(OutputStream.nullOutputStream(), Progress.NONE))
        .hasMessageContaining("01-alice.opus is not on this disk");
  }

  @Test
  void readsAPartOfAnEncryptedTrackWithoutTheRest() throws Exception {
    try (RecordingReader reader = RecordingReader.open(recording, ring)) {
      String track = reader.tracks().getFirst();
      byte[] whole;
      try (InputStream in = reader.track(track)) {
        whole = in.readAllBytes();
      }
      assertThat(reader.length("01-alice.opus")).isEqualTo(whole.length);
      Random random = new Random(4);
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(whole.length + 1);
        try (InputStream in = reader.track("01-alice.opus", from)) {
          assertThat(in.readNBytes(3000))
              .isEqualTo(Arrays.copyOfRange(whole, from, Math.min(whole.length, from + 3000)));
        }
      }
      assertThatThrownBy(() -> reader.track(track, whole.length + 1L))
          .isInstanceOf(IOException.class);
    }
  }
}
