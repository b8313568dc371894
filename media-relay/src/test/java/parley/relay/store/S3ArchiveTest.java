package parley.relay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.Custody;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/**
 * Against a server that others wrote, versitygw, which keeps S3's object lock for real. {@code
 * load-tests/install-clients} installs it.
 */
@Timeout(120)
class S3ArchiveTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final String CALL = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";

  @TempDir Path folder;

  private Path root = Path.of("");
  private int port;
  private Process server = deadProcess();
  private S3Bucket bucket = new S3Bucket(place(1));

  private static Process deadProcess() {
    try {
      return new ProcessBuilder("true").start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static S3Bucket.Place place(int port) {
    return new S3Bucket.Place(
        URI.create("http://127.0.0.1:" + port + "/"),
        "us-east-1",
        "recordings",
        "parley",
        "not-a-secret");
  }

  private static Optional<Path> versitygw() {
    return Optional.of(Path.of("../load-tests/target/clients/versitygw").toAbsolutePath())
        .filter(Files::isExecutable);
  }

  @BeforeEach
  void start() throws Exception {
    Optional<Path> program = versitygw();
    assumeTrue(program.isPresent(), "versitygw is missing: load-tests/install-clients installs it");
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.createDirectory(folder.resolve("versions"));
    Files.createDirectory(folder.resolve("store"));
    serve();
    bucket = new S3Bucket(place(port));
    bucket.create();
    root = Files.createDirectory(folder.resolve("recordings"));
  }

  private void serve() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                versitygw().orElseThrow().toString(),
                "--port",
                "127.0.0.1:" + port,
                "posix",
                "--versioning-dir",
                folder.resolve("versions").toString(),
                folder.resolve("store").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("ROOT_ACCESS_KEY_ID", "parley");
    builder.environment().put("ROOT_SECRET_ACCESS_KEY", "not-a-secret");
    server = builder.start();
    await(() -> listens(port));
  }

  @AfterEach
  void stop() throws Exception {
    bucket.close();
    server.destroyForcibly().waitFor();
  }

  private static boolean listens(int port) {
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited a minute").isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private Path recording(String name) throws IOException {
    Path recording = Files.createDirectories(root.resolve("2026-11-22").resolve(name));
    byte[] track = new byte[100_000];
    Arrays.fill(track, (byte) 7);
    Files.write(recording.resolve("01-alice.opus.enc"), track);
    Files.writeString(recording.resolve("call.json"), "{}");
    Files.writeString(recording.resolve(KeyFile.FILE), "wrapped");
    try (Seal seal = Seal.begin(recording, CALL, Instant.EPOCH, KEY)) {
      seal.document("01-alice.opus.enc");
      seal.document("call.json");
      seal.end(Seal.End.COMPLETE, Instant.EPOCH);
    }
    return recording;
  }

  private S3Archive archive(S3Bucket.Lock lock) {
    return new S3Archive(
        root, bucket, "parley/", lock, Duration.ofDays(1), KEY.publicKey(), Clock.systemUTC());
  }

  private static String key(Path recording, String name) {
    return "parley/2026-11-22/" + recording.getFileName() + "/" + name;
  }

  @Test
  void putsWhatIsMissingAndNothingTwice() throws Exception {
    Path first = recording("1");
    Path second = recording("2");
    Files.createFile(recording("3").resolve(".recording")); // runs yet
    S3Archive archive = archive(S3Bucket.Lock.NONE);
    assertThat(archive.missing()).containsExactly(first, second);
    archive.put(first);
    assertThat(archive.missing()).containsExactly(second);
    assertThat(bucket.size(key(first, "01-alice.opus.enc"))).isEqualTo(100_000);
    assertThat(bucket.size(key(first, "seal.log"))).isPositive();
    assertThat(bucket.size(key(first, "other"))).isEqualTo(-1);
  }

  @Test
  void isRefusedWhatTheStoreHasLocked() throws Exception {
    Path recording = recording("1");
    S3Archive archive = archive(S3Bucket.Lock.COMPLIANCE);
    archive.put(recording);

    assertThatThrownBy(() -> archive.delete(recording))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".* answered 40[03], .*(WORM|lock).*");
    assertThat(bucket.size(key(recording, "01-alice.opus.enc"))).isEqualTo(100_000);
    assertThat(bucket.size(key(recording, KeyFile.FILE))).isPositive();
  }

  @Test
  void deletesWhatIsNotLocked() throws Exception {
    Path recording = recording("1");
    S3Archive archive = archive(S3Bucket.Lock.NONE);
    archive.put(recording);
    assertThat(archive.delete(recording)).isEqualTo(4);
    assertThat(bucket.size(key(recording, "01-alice.opus.enc"))).isEqualTo(-1);
    assertThat(archive.delete(recording)).isZero();
  }

  @Test
  void keepsTheSpoolSmallAndGetsBackWhatIsAskedFor() throws Exception {
    Path oldest = recording("1");
    Path newest = recording("2");
    S3Archive archive = archive(S3Bucket.Lock.NONE);
    assertThat(archive.trim(110_000)).as("nothing is in the bucket yet").isZero();
    archive.put(oldest);
    archive.put(newest);
    assertThat(archive.trim(110_000)).isEqualTo(1);
    assertThat(oldest.resolve("01-alice.opus.enc")).doesNotExist();
    assertThat(newest.resolve("01-alice.opus.enc")).exists();
    assertThat(archive.missing()).isEmpty();

    assertThat(archive.fetch(oldest)).isEqualTo(1);
    Files.delete(oldest.resolve(KeyFile.FILE)); // of another kind of recording than this one
    assertThat(SealVerifier.verify(oldest, KEY.publicKey()).findings()).isEmpty();
    assertThat(archive.missing()).isEmpty();
    assertThat(archive.trim(110_000)).as("somebody looks at the oldest").isEqualTo(1);
    assertThat(oldest.resolve("01-alice.opus.enc")).exists();
  }

  @Test
  void putsAChangedKeyInThePlaceOfTheOldOne() throws Exception {
    Path recording = recording("1");
    S3Archive archive = archive(S3Bucket.Lock.COMPLIANCE);
    archive.put(recording);
    Path ledger = root.resolve("uploads/2026-11-22/1.json");
    Files.setLastModifiedTime(ledger, FileTime.from(Instant.now().minusSeconds(60)));
    for (Path file : List.of(recording.resolve("01-alice.opus.enc"))) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
    Files.setLastModifiedTime(recording.resolve("call.json"), FileTime.from(Instant.EPOCH));
    Files.setLastModifiedTime(recording.resolve("seal.log"), FileTime.from(Instant.EPOCH));
    Files.writeString(recording.resolve(KeyFile.FILE), "wrapped with another key");
    assertThat(archive.missing()).containsExactly(recording);
    archive.put(recording);
    assertThat(archive.missing()).isEmpty();
    assertThat(bucket.size(key(recording, KeyFile.FILE))).isEqualTo(24);
    try (Stream<Path> versions = Files.walk(folder.resolve("versions"))) {
      assertThat(versions.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void bindsTheStoreToWhatIsDecidedLater() throws Exception {
    Path recording = recording("1");
    S3Archive archive = archive(S3Bucket.Lock.GOVERNANCE);
    archive.put(recording);
    Instant until = Instant.parse("2033-01-31T00:00:00Z");
    decide(recording, Custody.Act.RETAIN, until);
    decide(recording, Custody.Act.HOLD, null);
    archive.put(recording);
    String track = key(recording, "01-alice.opus.enc");
    try (S3Client s3 = client()) {
      assertThat(retention(s3, track)).isEqualTo(until);
      assertThat(legalHold(s3, track)).isEqualTo(ObjectLockLegalHoldStatus.ON);
      decide(recording, Custody.Act.RELEASE, null);
      archive.put(recording);
      assertThat(legalHold(s3, track)).isEqualTo(ObjectLockLegalHoldStatus.OFF);
      assertThat(retention(s3, track)).isEqualTo(until);
    }
  }

  private static void decide(Path recording, Custody.Act act, @Nullable Instant until)
      throws IOException {
    Custody.read(recording, KEY.publicKey())
        .add(new Custody.Entry(act, Instant.now(), "officer", "case 12", until), KEY);
    Files.setLastModifiedTime(
        recording.resolve(Custody.FILE), FileTime.from(Instant.now().plusSeconds(1)));
  }

  private S3Client client() {
    var who = AwsBasicCredentials.create("parley", "not-a-secret");
    return S3Client.builder()
        .endpointOverride(place(port).endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(who))
        .forcePathStyle(true)
        .build();
  }

  private static Instant retention(S3Client s3, String key) {
    return s3.getObjectRetention(it -> it.bucket("recordings").key(key))
        .retention()
        .retainUntilDate();
  }

  private static ObjectLockLegalHoldStatus legalHold(S3Client s3, String key) {
    return s3.getObjectLegalHold(it -> it.bucket("recordings").key(key)).legalHold().status();
  }

  @Test
  void deletesWhatAnUploadThatBrokeOffHasLeft() throws Exception {
    Path recording = recording("1");
    S3Archive archive = archive(S3Bucket.Lock.NONE);
    archive.put(recording);
    Files.delete(root.resolve("uploads/2026-11-22/1.json")); // as if killed just before
    archive.put(recording);
    Path other = recording("10");
    archive.put(other);
    assertThat(archive.delete(recording)).isEqualTo(8);
    assertThat(bucket.versions("parley/2026-11-22/1/")).isEmpty();
    assertThat(bucket.versions("parley/2026-11-22/10/")).hasSize(4);
  }

  @Test
  void putsWhatWaitedWhenTheStoreIsThereAgain() throws Exception {
    server.destroyForcibly().waitFor();
    recording("1");
    try (var uploads = new S3Uploads(archive(S3Bucket.Lock.NONE), 0)) {
      await(() -> uploads.waiting() == 1);
      serve();
      uploads.look();
      await(() -> Files.exists(root.resolve("uploads/2026-11-22/1.json")));
      await(() -> uploads.waiting() == 0);
    }
  }
}
