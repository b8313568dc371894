package parley.relay.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One bucket of an object store that speaks S3. Blocks; safe for several threads. */
public final class S3Bucket implements AutoCloseable {

  /** An hour of a track is some 15 MB; a store that takes longer for one is taken for dead. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  private static final int BUFFER_BYTES = 65_536;

  /**
   * Where it is.
   *
   * @param endpoint like {@code https://s3.eu-central-1.amazonaws.com}; the bucket is put behind it
   */
  public record Place(
      URI endpoint, String region, String bucket, String accessKey, String secretKey) {
    @Override
    public String toString() {
      return endpoint + bucket; // without the secret
    }
  }

  /** How an object must not be deleted (S3 Object Lock). */
  public enum Lock {
    NONE,
    /** Whoever has a special right may. */
    GOVERNANCE,
    /** Nobody may, whoever he is. */
    COMPLIANCE
  }

  /** An object as it was stored; the version is empty where the bucket keeps none. */
  public record Stored(String key, String version, String sha256, long bytes) {

    boolean isSameVersion(Stored other) {
      return key.equals(other.key) && version.equals(other.version);
    }

    /** What is behind the last slash of its key. */
    String name() {
      return key.substring(key.lastIndexOf('/') + 1);
    }
  }

  private final Place place;
  private final S3Client s3;

  public S3Bucket(Place place) {
    this.place = place;
    s3 =
        S3Client.builder()
            .endpointOverride(place.endpoint())
            .region(Region.of(place.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(place.accessKey(), place.secretKey())))
            // Stores other than Amazon's seldom have a host name for each bucket,
            .forcePathStyle(true)
            // and do not all know checksums behind the body: MD5 and our own SHA-256 are enough.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_PATIENCE)
                    .socketTimeout(PATIENCE)
                    .build())
            .build();
  }

  /** Makes the bucket, with object lock; for trials. */
  public void create() throws IOException, InterruptedException {
    ask(() -> s3.createBucket(it -> it.bucket(place.bucket()).objectLockEnabledForBucket(true)));
  }

  /**
   * Stores a file.
   *
   * @param until until when the lock holds; null: no lock
   * @throws IOException with a sentence that says what the store answered
   */
  public Stored put(String key, Path file, Lock lock, @Nullable Instant until)
      throws IOException, InterruptedException {
    MessageDigest sha256 = digest("SHA-256");
    MessageDigest md5 = digest("MD5");
    long bytes = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        md5.update(buffer, 0, read);
        bytes += read;
      }
    }
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(key)
            // What is to be locked has to come with a digest of itself.
            .contentMD5(Base64.getEncoder().encodeToString(md5.digest()));
    if (lock != Lock.NONE && until != null) {
      request
          .objectLockMode(ObjectLockMode.valueOf(lock.name()))
          .objectLockRetainUntilDate(until.truncatedTo(ChronoUnit.SECONDS));
    }
    String version =
        text(ask(() -> s3.putObject(request.build(), RequestBody.fromFile(file)).versionId()));
    return new Stored(key, version, hex(sha256.digest()), bytes);
  }

  /** Bytes of an object; -1 when there is none. */
  public long size(String key) throws IOException, InterruptedException {
    HeadObjectRequest request = HeadObjectRequest.builder().bucket(place.bucket()).key(key).build();
    return ask(
        () -> {
          try {
            return s3.headObject(request).contentLength();
          } catch (S3Exception e) {
            if (e.statusCode() == 404) {
              return -1L;
            }
            throw e;
          }
        });
  }

  /**
   * Gets an object back.
   *
   * @throws IOException with a sentence, also when it is not what was stored
   */
  public void get(Stored stored, Path file) throws IOException, InterruptedException {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(place.bucket()).key(stored.key());
    if (!stored.version().isEmpty()) {
      request.versionId(stored.version());
    }
    MessageDigest sha256 = digest("SHA-256");
    try (ResponseInputStream<GetObjectResponse> in = ask(() -> s3.getObject(request.build()));
        OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    }
    if (!hex(sha256.digest()).equals(stored.sha256())) {
      throw new IOException(stored.key() + " is not what was stored");
    }
  }

  /**
   * Every version of every object below a key, also of uploads that nobody remembers; nothing where
   * the store keeps no versions and knows no such question.
   *
   * @param below ends with a slash
   */
  public List<Stored> versions(String below) throws IOException, InterruptedException {
    return ask(
        () -> {
          try {
            return s3
                .listObjectVersionsPaginator(it -> it.bucket(place.bucket()).prefix(below))
                .versions()
                .stream()
                .map(each -> new Stored(each.key(), text(each.versionId()), "", each.size()))
                .toList();
          } catch (S3Exception e) {
            if (e.statusCode() == 501) {
              return List.of();
            }
            throw e;
          }
        });
  }

  private static String text(@Nullable String version) {
    return Objects.requireNonNullElse(version, "");
  }

  /**
   * Locks a version for longer.
   *
   * @throws IOException with a sentence, when the store refuses
   */
  public void lock(Stored stored, Lock lock, Instant until)
      throws IOException, InterruptedException {
    ask(
        () ->
            s3.putObjectRetention(
                it ->
                    it.bucket(place.bucket())
                        .key(stored.key())
                        .versionId(stored.version())
                        .retention(
                            how ->
                                how.mode(ObjectLockRetentionMode.valueOf(lock.name()))
                                    .retainUntilDate(until.truncatedTo(ChronoUnit.SECONDS)))));
  }

  /**
   * Puts a version on the store's own legal hold, or takes it off.
   *
   * @throws IOException with a sentence, when the store refuses
   */
  public void hold(Stored stored, boolean on) throws IOException, InterruptedException {
    ask(
        () ->
            s3.putObjectLegalHold(
                it ->
                    it.bucket(place.bucket())
                        .key(stored.key())
                        .versionId(stored.version())
                        .legalHold(
                            how ->
                                how.status(
                                    on
                                        ? ObjectLockLegalHoldStatus.ON
                                        : ObjectLockLegalHoldStatus.OFF))));
  }

  /**
   * Deletes one version of an object, for good.
   *
   * @throws IOException with a sentence, when the store refuses: it is locked
   */
  public void delete(Stored stored) throws IOException, InterruptedException {
    DeleteObjectRequest.Builder request =
        DeleteObjectRequest.builder().bucket(place.bucket()).key(stored.key());
    if (!stored.version().isEmpty()) {
      request.versionId(stored.version());
    }
    ask(() -> s3.deleteObject(request.build()));
  }

  private <T extends @Nullable Object> T ask(Supplier<T> question)
      throws IOException, InterruptedException {
    try {
      return question.get();
    } catch (AbortedException e) {
      throw new InterruptedException();
    } catch (S3Exception e) {
      throw new IOException(
          "the store %s answered %d, %s".formatted(place, e.statusCode(), said(e)), e);
    } catch (SdkException e) {
      throw new IOException("the store " + place + " does not answer: " + e.getMessage(), e);
    }
  }

  private static String said(S3Exception e) {
    return e.awsErrorDetails() == null
        ? "nothing else"
        : e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
  }

  private static String hex(byte[] data) {
    return HexFormat.of().formatHex(data);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  @Override
  public void close() {
    s3.close();
  }
}
