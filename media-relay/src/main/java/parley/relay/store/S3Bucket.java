package parley.relay.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One bucket of an object store that speaks S3. Blocks; safe for several threads. */
public final class S3Bucket implements AutoCloseable {

  /** An hour of a track is some 15 MB; a store that takes longer for one is taken for dead. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Pattern MESSAGE = Pattern.compile("<(Code|Message)>([^<]{1,300})<");

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
  public record Stored(String key, String version, String sha256, long bytes) {}

  private final Place place;
  private final S3Signature signature;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  public S3Bucket(Place place, Clock clock) {
    this.place = place;
    this.signature = new S3Signature(place.accessKey(), place.secretKey(), place.region());
    this.clock = clock;
  }

  /** Makes the bucket, with object lock; for trials. */
  public void create() throws IOException, InterruptedException {
    send(
        "PUT",
        "",
        Map.of(),
        Map.of("x-amz-bucket-object-lock-enabled", "true"),
        BodyPublishers.noBody(),
        S3Signature.EMPTY);
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
    byte[] buffer = new byte[65_536];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        md5.update(buffer, 0, read);
        bytes += read;
      }
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-MD5", Base64.getEncoder().encodeToString(md5.digest()));
    if (lock != Lock.NONE && until != null) {
      headers.put("x-amz-object-lock-mode", lock.name());
      headers.put(
          "x-amz-object-lock-retain-until-date", until.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    String payload = S3Signature.hex(sha256.digest());
    HttpResponse<String> answer =
        send("PUT", key, Map.of(), headers, BodyPublishers.ofFile(file), payload);
    return new Stored(
        key, answer.headers().firstValue("x-amz-version-id").orElse(""), payload, bytes);
  }

  /** Bytes of an object; -1 when there is none. */
  public long size(String key) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        exchange("HEAD", key, Map.of(), Map.of(), BodyPublishers.noBody(), S3Signature.EMPTY);
    if (answer.statusCode() == 404) {
      return -1;
    }
    check(answer);
    return answer.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  /**
   * Gets an object back.
   *
   * @throws IOException with a sentence, also when it is not what was stored
   */
  public void get(Stored stored, Path file) throws IOException, InterruptedException {
    Map<String, String> query =
        stored.version().isEmpty() ? Map.of() : Map.of("versionId", stored.version());
    HttpRequest request =
        request("GET", stored.key(), query, Map.of(), BodyPublishers.noBody(), S3Signature.EMPTY);
    HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
    MessageDigest sha256 = digest("SHA-256");
    try (InputStream in = answer.body();
        OutputStream out = Files.newOutputStream(file)) {
      if (answer.statusCode() / 100 != 2) {
        throw new IOException("the store " + place + " answered " + answer.statusCode());
      }
      byte[] buffer = new byte[65_536];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    }
    if (!S3Signature.hex(sha256.digest()).equals(stored.sha256())) {
      throw new IOException(stored.key() + " is not what was stored");
    }
  }

  /**
   * Deletes one version of an object, for good.
   *
   * @throws IOException with a sentence, when the store refuses: it is locked
   */
  public void delete(Stored stored) throws IOException, InterruptedException {
    Map<String, String> query =
        stored.version().isEmpty() ? Map.of() : Map.of("versionId", stored.version());
    send("DELETE", stored.key(), query, Map.of(), BodyPublishers.noBody(), S3Signature.EMPTY);
  }

  private HttpResponse<String> send(
      String method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      BodyPublisher body,
      String payload)
      throws IOException, InterruptedException {
    return check(exchange(method, key, query, headers, body, payload));
  }

  private HttpResponse<String> exchange(
      String method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      BodyPublisher body,
      String payload)
      throws IOException, InterruptedException {
    return http.send(request(method, key, query, headers, body, payload), BodyHandlers.ofString());
  }

  private HttpRequest request(
      String method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      BodyPublisher body,
      String payload) {
    var path = new StringBuilder("/" + S3Signature.encoded(place.bucket()));
    for (String part : key.isEmpty() ? new String[0] : key.split("/", -1)) {
      path.append('/').append(S3Signature.encoded(part));
    }
    var sorted = new TreeMap<>(query);
    String behind = sorted.isEmpty() ? "" : "?" + S3Signature.query(sorted);
    URI uri = URI.create(place.endpoint().resolve("/") + path.substring(1) + behind);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, body).timeout(PATIENCE);
    headers.forEach(request::header);
    signature.sign(method, uri, sorted, headers, payload, clock.instant()).forEach(request::header);
    return request.build();
  }

  private HttpResponse<String> check(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 == 2) {
      return answer;
    }
    var said = new StringBuilder();
    Matcher message = MESSAGE.matcher(answer.body());
    while (message.find()) {
      said.append(said.isEmpty() ? "" : ": ").append(message.group(2));
    }
    throw new IOException("the store " + place + " answered " + answer.statusCode() + ", " + said);
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
    http.close();
  }
}
