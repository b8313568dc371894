package parley.relay.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import parley.relay.evidence.Custody;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;

/**
 * Recordings in a bucket: what of each is there, and putting there what is not. What was put is
 * written down in {@code uploads/} beside the recordings, a file each; without it a recording is
 * put once more. Blocks; one thread.
 */
public final class S3Archive {

  /** Where it is written down, in the folder for recordings. */
  public static final String LEDGER = "uploads";

  /** Written by a recording that runs. */
  private static final String MARKER = ".recording";

  /** What was got back to be looked at is not taken away again before that. */
  private static final Duration FETCHED_FOR = Duration.ofDays(1);

  /** Replaced or removed later, so never locked: else a key could not be destroyed. */
  private static final Set<String> UNLOCKED = Set.of(KeyFile.FILE, Custody.FILE);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final S3Bucket bucket;
  private final String prefix;
  private final S3Bucket.Lock lock;
  private final Duration lockFor;
  private final PublicKey key;
  private final Clock clock;

  /**
   * @param prefix of every object's key, like {@code parley/}; may be empty
   * @param lockFor at least, from now; longer when the recording has to be kept longer
   * @param key of whoever signs recordings
   */
  public S3Archive(
      Path root,
      S3Bucket bucket,
      String prefix,
      S3Bucket.Lock lock,
      Duration lockFor,
      PublicKey key,
      Clock clock) {
    this.root = root;
    this.bucket = bucket;
    this.prefix = prefix;
    this.lock = lock;
    this.lockFor = lockFor;
    this.key = key;
    this.clock = clock;
  }

  /** Closed recordings that are not all there, the oldest first. */
  public List<Path> missing() throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path folder : closed()) {
      if (!Files.exists(ledger(folder)) || !changed(folder).isEmpty()) {
        missing.add(folder);
      }
    }
    return missing;
  }

  private List<Path> closed() throws IOException {
    try (Stream<Path> tree = Files.walk(root, 3)) {
      return tree.filter(file -> file.endsWith(Seal.FILE))
          .map(Path::getParent)
          .filter(folder -> !Files.exists(folder.resolve(MARKER)))
          .sorted()
          .toList();
    }
  }

  /** Files that are newer than what was written down last. */
  private List<Path> changed(Path folder) throws IOException {
    FileTime put = Files.getLastModifiedTime(ledger(folder));
    List<Path> changed = new ArrayList<>();
    for (Path file : files(folder)) {
      if (Files.getLastModifiedTime(file).compareTo(put) > 0) {
        changed.add(file);
      }
    }
    return changed;
  }

  private Path ledger(Path folder) {
    return ledger(root, folder);
  }

  /** Its age says when the audio was got back last. */
  private Path fetched(Path folder) {
    return root.resolve(LEDGER).resolve(root.relativize(folder) + ".fetched");
  }

  private boolean isWanted(Path folder) throws IOException {
    Path fetched = fetched(folder);
    Instant since = clock.instant().minus(FETCHED_FOR);
    return Files.exists(fetched) && Files.getLastModifiedTime(fetched).toInstant().isAfter(since);
  }

  /** The file in which it is written down what of a recording is in the bucket. */
  public static Path ledger(Path root, Path folder) {
    return root.resolve(LEDGER).resolve(root.relativize(folder) + ".json");
  }

  /** Whether something of a recording is in a bucket, as far as it was written down. */
  public static boolean holds(Path root, Path folder) {
    return Files.exists(ledger(root, folder.toAbsolutePath().normalize()));
  }

  /**
   * Puts a recording there, the seal last: where it is, everything is.
   *
   * @throws IOException with a sentence; what is there stays, and the next time all is put again
   */
  public void put(Path folder) throws IOException, InterruptedException {
    Custody custody = Custody.read(folder, key);
    Instant until = clock.instant().plus(lockFor);
    Instant kept = custody.retainedUntil().filter(until::isBefore).orElse(until);
    boolean again = Files.exists(ledger(folder));
    ObjectNode put =
        again && JSON.readTree(Files.readAllBytes(ledger(folder))) instanceof ObjectNode before
            ? before
            : JSON.createObjectNode();
    for (Path file : again ? changed(folder) : files(folder)) {
      String name = String.valueOf(file.getFileName());
      boolean locked = isLocked(name);
      S3Bucket.Stored stored = bucket.put(below(folder) + name, file, lock, locked ? kept : null);
      boolean replaced = put.path(name).path("version").asText().equals(stored.version());
      if (put.has(name) && UNLOCKED.contains(name) && !replaced) {
        bucket.delete(stored(put.path(name))); // a key that was changed must not open it any more
      }
      ObjectNode entry = put.putObject(name);
      entry.put("key", stored.key()).put("version", stored.version());
      entry.put("sha256", stored.sha256()).put("bytes", stored.bytes());
      entry.put("locked_until", locked ? kept.toString() : "");
    }
    bind(put, custody);
    write(put, ledger(folder));
  }

  private boolean isLocked(String name) {
    return lock != S3Bucket.Lock.NONE && !UNLOCKED.contains(name);
  }

  private String below(Path folder) {
    return prefix + root.relativize(folder).toString().replace('\\', '/') + "/";
  }

  /** What was decided after an object was put binds the store as well. */
  private void bind(ObjectNode put, Custody custody) throws IOException, InterruptedException {
    Instant kept = custody.retainedUntil().orElse(Instant.MIN);
    for (Map.Entry<String, JsonNode> each : put.properties()) {
      if (!isLocked(each.getKey()) || !(each.getValue() instanceof ObjectNode entry)) {
        continue;
      }
      String until = entry.path("locked_until").asText();
      if (!until.isEmpty() && Instant.parse(until).isBefore(kept)) {
        bucket.lock(stored(entry), lock, kept);
        entry.put("locked_until", kept.toString());
      }
      hold(entry, custody.held());
    }
  }

  private void hold(ObjectNode entry, boolean held) throws IOException, InterruptedException {
    if (entry.path("held").asBoolean() != held) {
      bucket.hold(stored(entry), held);
      entry.put("held", held);
    }
  }

  private static void write(ObjectNode put, Path ledger) throws IOException {
    Files.createDirectories(ledger.toAbsolutePath().getParent());
    Path temporary = ledger.resolveSibling(ledger.getFileName() + ".tmp");
    Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(put));
    Files.move(temporary, ledger, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          // What a crash left of writing a file anew is none of the recording's.
          .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
          .sorted(Comparator.comparing((Path file) -> file.endsWith(Seal.FILE)))
          .toList();
    }
  }

  /**
   * Deletes what is there of a recording, every version, also of uploads that broke off.
   *
   * @return number of objects and versions of them
   * @throws IOException with a sentence, when the store refuses: then nothing that opens the
   *     recording has been lost
   */
  public int delete(Path folder) throws IOException, InterruptedException {
    Path ledger = ledger(folder);
    List<S3Bucket.Stored> all = new ArrayList<>(bucket.versions(below(folder)));
    if (Files.exists(ledger)
        && JSON.readTree(Files.readAllBytes(ledger)) instanceof ObjectNode put) {
      for (JsonNode each : put) {
        S3Bucket.Stored stored = stored(each);
        if (all.stream().noneMatch(stored::isSameVersion)) {
          all.add(stored);
        }
        if (each instanceof ObjectNode entry) {
          hold(entry, false); // whoever may delete it has released it
        }
      }
    }
    // What is locked first: when the store refuses, nothing has been lost.
    all.sort(Comparator.comparing(stored -> UNLOCKED.contains(stored.name())));
    for (S3Bucket.Stored stored : all) {
      bucket.delete(stored);
    }
    Files.deleteIfExists(fetched(folder));
    Files.deleteIfExists(ledger);
    return all.size();
  }

  private static S3Bucket.Stored stored(JsonNode entry) {
    return new S3Bucket.Stored(
        entry.path("key").asText(),
        entry.path("version").asText(),
        entry.path("sha256").asText(),
        entry.path("bytes").asLong());
  }

  /**
   * Gets back what is not on the local disk any more.
   *
   * @return number of files
   */
  public int fetch(Path folder) throws IOException, InterruptedException {
    if (!Files.exists(ledger(folder))) {
      throw new IOException("it was not put into the bucket by this node");
    }
    JsonNode put = JSON.readTree(Files.readAllBytes(ledger(folder)));
    int fetched = 0;
    List<String> names = new ArrayList<>();
    put.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      Path file = folder.resolve(name).normalize();
      if (folder.normalize().equals(file.getParent()) && !Files.exists(file)) {
        Path part = root.resolve(LEDGER).resolve("fetched.tmp");
        bucket.get(stored(put.path(name)), part);
        Files.setLastModifiedTime(part, FileTime.from(Instant.EPOCH)); // it is not news
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        fetched++;
      }
    }
    Files.write(fetched(folder), new byte[0]);
    return fetched;
  }

  /**
   * Removes the audio of the oldest recordings from the local disk that are in the bucket, until
   * the rest takes no more than this. The rest of their files stays, so that they are found.
   *
   * @return recordings whose audio went
   */
  public int trim(long maxBytes) throws IOException, InterruptedException {
    long all = 0;
    List<Path> tracks = new ArrayList<>();
    for (Path folder : closed()) {
      for (Path file : files(folder)) {
        all += Files.size(file);
      }
      tracks.add(folder);
    }
    int trimmed = 0;
    for (Path folder : tracks) {
      if (all <= maxBytes) {
        break;
      }
      if (Files.exists(ledger(folder)) && !isWanted(folder) && isThere(folder)) {
        long before = all;
        for (Path track : files(folder)) {
          if (isTrack(track)) {
            all -= Files.size(track);
            Files.delete(track);
          }
        }
        trimmed += before == all ? 0 : 1;
      }
    }
    return trimmed;
  }

  private boolean isThere(Path folder) throws IOException, InterruptedException {
    JsonNode put = JSON.readTree(Files.readAllBytes(ledger(folder)));
    for (Path track : files(folder)) {
      JsonNode entry = put.path(String.valueOf(track.getFileName()));
      if (isTrack(track) && bucket.size(entry.path("key").asText()) != Files.size(track)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTrack(Path file) {
    return Optional.of(file.toString())
        .filter(name -> name.endsWith(".opus") || name.endsWith(".opus.enc"))
        .isPresent();
  }
}
