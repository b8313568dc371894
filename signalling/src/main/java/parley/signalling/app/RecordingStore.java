package parley.signalling.app;

import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import parley.relay.store.S3Archive;
import parley.relay.store.S3Bucket;
import parley.signalling.settings.Setting;

/** Where closed recordings are put besides the local disk, as it is set. */
record RecordingStore(
    @Setting(
            value =
                "Object store that speaks S3, like https://s3.eu-central-1.amazonaws.com; empty:"
                    + " recordings stay on the local disk only",
            optional = true)
        String endpoint,
    @Setting(value = "Region that requests are signed for", optional = true) String region,
    @Setting(value = "Bucket; it has to be there", optional = true) String bucket,
    @Setting(value = "What the keys of all objects begin with, like parley/", optional = true)
        String prefix,
    @Setting(value = "Access key", optional = true) String accessKey,
    @Setting(value = "Secret key", optional = true, secret = true) String secretKey,
    @Setting(
            value =
                "Object lock: governance (who has a special right may delete) or compliance"
                    + " (nobody may); the bucket has to be made with it",
            oneOf = {"none", "governance", "compliance"})
        String lock,
    @Setting(
            value =
                "How many days objects are locked at least; longer when a recording, by its policy"
                    + " or by what was said before it was put, has to be kept longer",
            max = 36_500)
        int lockDays,
    @Setting(
            value =
                "How much recordings may take on the local disk before the audio of the oldest"
                    + " goes that are in the bucket; 0: no limit",
            max = 1_048_576_000)
        int spoolMib) {

  RecordingStore {
    if (!endpoint.isEmpty()) {
      URI uri = URI.create(endpoint);
      if (uri.getHost() == null
          || !(uri.getScheme().equals("https") || uri.getScheme().equals("http"))) {
        throw new IllegalArgumentException(
            "\"" + endpoint + "\" is no endpoint; right would be like https://s3.example.org");
      }
      if (bucket.isEmpty() || accessKey.isEmpty() || secretKey.isEmpty()) {
        throw new IllegalArgumentException("a store takes bucket, access_key and secret_key, too");
      }
    }
  }

  static RecordingStore defaults() {
    return new RecordingStore("", "us-east-1", "", "", "", "", "none", 0, 0);
  }

  boolean isSet() {
    return !endpoint.isEmpty();
  }

  /**
   * @param root the folder for recordings
   * @param key of whoever signs them
   */
  S3Archive open(Path root, PublicKey key) {
    var place =
        new S3Bucket.Place(URI.create(endpoint + "/"), region, bucket, accessKey, secretKey);
    return new S3Archive(
        root.toAbsolutePath().normalize(),
        new S3Bucket(place),
        prefix,
        S3Bucket.Lock.valueOf(lock.toUpperCase(Locale.ROOT)),
        Duration.ofDays(lockDays),
        key,
        Clock.systemUTC());
  }

  @Override
  public String toString() {
    return "RecordingStore[" + endpoint + ", " + bucket + "]";
  }
}
