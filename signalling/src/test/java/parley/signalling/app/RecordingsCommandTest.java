package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.AuditVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyRing;
import picocli.CommandLine;

/** The commands, on a recording whose private key is not with it. */
class RecordingsCommandTest {

  @TempDir Path folder;

  private Path directory = Path.of("");
  private Path recording = Path.of("");

  @BeforeEach
  void record() throws Exception {
    directory = Files.createDirectory(folder.resolve("recordings"));
    SigningKey key = SigningKey.open(directory.resolve(Node.DEFAULT_SIGNING_KEY));
    pair("audit");
    pair("next");
    settings("audit");
    var wrapping = KeyAddress.open("public:" + folder.resolve("audit.pub"), new char[0]);
    var ring = new KeyRing(List.of(wrapping), List.of());
    try (var recorder = new Recorder(directory, Clock.systemUTC(), key, ring, event -> {})) {
      SyntheticCall.record(recorder, Duration.ofSeconds(6));
    }
    try (Stream<Path> files = Files.walk(directory, 3)) {
      recording =
          files
              .filter(file -> file.endsWith("seal.log"))
              .map(Path::getParent)
              .findFirst()
              .orElseThrow();
    }
  }

  private void pair(String name) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    pem(folder.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
    pem(folder.resolve(name + ".key"), "PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static void pem(Path file, String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----");
  }

  private void settings(String key) throws IOException {
    Files.writeString(
        folder.resolve("parley.yaml"),
        """
        recording:
          directory: %s
          encryption:
            keys: ["public:%s.pub"]
        """
            .formatted(directory, folder.resolve(key)));
  }

  private int run(String command, String... more) {
    var words = Stream.of("recordings", command, "--config", folder.resolve("parley.yaml"));
    return new CommandLine(new Main())
        .execute(
            Stream.concat(words, Stream.of(more)).map(Object::toString).toArray(String[]::new));
  }

  private int decide(String command, String... more) {
    var words = Stream.of(recording.toString(), "--why", "a trial", "--by", "tester");
    return run(command, Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private String privateKey(String name) {
    return "private:" + folder.resolve(name + ".key");
  }

  @Test
  void decryptsOnlyWithThePrivateKey() throws IOException {
    String to = folder.resolve("plain").toString();
    assertThat(decide("decrypt", "--to", to)).isEqualTo(1);
    assertThat(decide("decrypt", "--to", to, "--with", privateKey("next"))).isEqualTo(1);
    assertThat(decide("decrypt", "--to", to, "--with", privateKey("audit"))).isZero();
    Path track = Path.of(to, recording.getFileName().toString(), "01-one.opus");
    assertThat(Files.readAllBytes(track)).startsWith("OggS".getBytes(StandardCharsets.US_ASCII));
    assertThat(run("verify")).isZero();
  }

  @Test
  void changesKeys() throws IOException {
    settings("next");
    assertThat(decide("rewrap")).as("nobody can open it here").isEqualTo(1);
    assertThat(decide("rewrap", "--with", privateKey("audit"))).isZero();
    String to = folder.resolve("plain").toString();
    assertThat(decide("decrypt", "--to", to, "--with", privateKey("audit"))).isEqualTo(1);
    assertThat(decide("decrypt", "--to", to, "--with", privateKey("next"))).isZero();
    assertThat(run("verify")).isZero();
  }

  @Test
  void mixesOnceAndOnlyWithTheKey() throws IOException {
    Path to = folder.resolve("mixes");
    assertThat(decide("mixdown", "--to", to.toString())).isEqualTo(1);
    String[] words = {"--to", to.toString(), "--with", privateKey("audit"), "--format", "wav"};
    assertThat(decide("mixdown", words)).isZero();
    assertThat(decide("mixdown", words)).as("there is one already").isEqualTo(1);
    Path mix;
    try (Stream<Path> files = Files.list(to)) {
      mix = files.findFirst().orElseThrow();
    }
    assertThat(mix.getFileName().toString()).endsWith(recording.getFileName() + ".wav");
    assertThat(Files.size(mix)).isEqualTo(44 + 2 * 48_000 * 6);
    assertThat(decide("mixdown", "--to", to.toString(), "--track", "01-one.opus")).isEqualTo(1);
    assertThat(
            decide(
                "mixdown",
                "--to",
                to.toString(),
                "--track",
                "01-one.opus",
                "--with",
                privateKey("audit")))
        .isZero();
    try (Stream<Path> files = Files.list(to)) {
      assertThat(files.map(Path::toString)).anyMatch(file -> file.endsWith("-01-one.opus"));
    }
    assertThat(new CommandLine(new Main()).execute("recordings", "timeline", recording.toString()))
        .isZero();
  }

  @Test
  void exportsABundleThatIsProvenAndNoOtherIs() throws IOException {
    Path to = folder.resolve("exports");
    String[] words = {"--to", to.toString(), "--with", privateKey("audit"), "--no-wav"};
    assertThat(decide("export", words)).isZero();
    Path zip;
    try (Stream<Path> files = Files.list(to)) {
      zip = files.findFirst().orElseThrow();
    }
    assertThat(run("verify", zip.toString())).isZero();
    byte[] bytes = Files.readAllBytes(zip);
    bytes[bytes.length / 2] ^= 1;
    Files.write(zip, bytes);
    assertThat(run("verify", zip.toString())).isNotZero();
  }

  @Test
  void deletesNothingThatIsHeldOrHasToBeKeptAndWritesDownThatItWasAsked() throws IOException {
    assertThat(decide("hold")).isZero();
    assertThat(decide("delete")).isEqualTo(1);
    assertThat(decide("release")).isZero();
    assertThat(decide("retain", "--until", "2999-01-01")).isZero();
    assertThat(decide("delete")).isEqualTo(1);
    assertThat(recording.resolve("01-one.opus.enc")).exists();
    assertThat(run("verify")).isZero();

    Path audit = directory.resolve(Node.DEFAULT_AUDIT);
    var verdict =
        AuditVerifier.verify(
            audit,
            SigningKey.readPublic(
                SigningKey.publicHalf(directory.resolve(Node.DEFAULT_SIGNING_KEY))));
    assertThat(verdict.proven()).isTrue();
    try (Stream<Path> files = Files.list(audit)) {
      Path log = files.filter(f -> f.toString().endsWith(".jsonl")).findFirst().orElseThrow();
      assertThat(Files.readString(log))
          .contains(
              "recordings.hold", "refused: it is on legal hold", "refused: it has to be kept");
    }
  }

  @Test
  void leavesOnlyTheCertificateOfWhatItDeletes() throws IOException {
    assertThat(decide("delete")).isZero();
    try (Stream<Path> left = Files.list(recording)) {
      assertThat(left).containsExactly(recording.resolve("deleted.txt"));
    }
    assertThat(run("verify")).isZero();
    assertThat(run("list")).isZero();

    Path certificate = recording.resolve("deleted.txt");
    Files.writeString(certificate, Files.readString(certificate).replace("tester", "nobody"));
    assertThat(run("verify")).isEqualTo(1);
  }
}
