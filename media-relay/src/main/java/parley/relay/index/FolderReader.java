package parley.relay.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Custody;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;
import parley.relay.index.IndexedRecording.Party;
import parley.relay.index.IndexedRecording.Place;
import parley.relay.index.IndexedRecording.Policy;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.IndexedRecording.Verified;
import parley.relay.store.S3Archive;
import parley.relay.vault.RecordingReader;

/**
 * Makes a row of a recording's folder. Changes nothing, opens no audio and takes no key for it. The
 * files were written by us, or by somebody who can write to the disk: whatever stands in them,
 * there is a row.
 */
public final class FolderReader {

  /** The description's name in the folder of a recording. */
  static final String DOCUMENT = "call.json";

  private static final String MARKER = ".recording";

  /** A description of ten thousand tracks. */
  private static final long MAX_DOCUMENT = 256L << 20;

  /** Some lines. */
  private static final long MAX_CERTIFICATE = 1L << 16;

  /** Nobody's name is longer. */
  private static final int MAX_TEXT = 1_000;

  /** A call of more parties than the recorder keeps tracks. */
  private static final int MAX_PARTIES = 10_000;

  /** Later dates cannot be shown, and need not be. */
  private static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RecordingFolders folders;
  private final PublicKey key;

  /**
   * @param key of whoever signs what is decided about recordings
   */
  public FolderReader(RecordingFolders folders, PublicKey key) {
    this.folders = folders;
    this.key = key;
  }

  /** The description as it stands on disk; null when there is none that can be read. */
  public static @Nullable JsonNode document(Path folder) {
    Path file = folder.resolve(DOCUMENT);
    try {
      boolean there =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_DOCUMENT;
      JsonNode document = there ? JSON.readTree(Files.readAllBytes(file)) : null;
      return document != null && document.isObject() ? document : null;
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Reads one recording.
   *
   * @return empty when there is nothing, or nothing yet, or it is no folder of a recording
   * @throws IOException when the disk does not let us
   */
  public Optional<IndexedRecording> read(Path folder) throws IOException {
    String id = folders.id(folder).orElse("");
    Instant named = RecordingFolders.began(id).orElse(null);
    String stamp = folders.stamp(folder);
    if (named == null || stamp.isEmpty()) {
      return Optional.empty();
    }
    boolean sealed = Files.exists(folder.resolve(Seal.FILE));
    if (!sealed && Files.exists(folder.resolve(Deletion.FILE))) {
      return Optional.of(deleted(id, folder, named, stamp));
    }
    JsonNode document = document(folder);
    if (document == null && !sealed && !Files.exists(folder.resolve(DOCUMENT))) {
      return Optional.empty();
    }
    return Optional.of(row(folder, id, document, named, stamp));
  }

  private static IndexedRecording deleted(String id, Path folder, Instant began, String stamp)
      throws IOException {
    Path certificate = folder.resolve(Deletion.FILE);
    String text =
        Files.size(certificate) > MAX_CERTIFICATE
            ? ""
            : Files.readString(certificate, StandardCharsets.ISO_8859_1);
    String call =
        text.lines()
            .filter(line -> line.startsWith("call "))
            .map(line -> cut(line.substring("call ".length())))
            .findFirst()
            .orElse("");
    return new IndexedRecording(
        id,
        call,
        "",
        "",
        "",
        "",
        began,
        null,
        0,
        State.DELETED,
        0,
        0,
        0,
        List.of(),
        Policy.NONE,
        null,
        false,
        false,
        Place.DISK,
        0,
        Verified.NEVER,
        stamp);
  }

  private IndexedRecording row(
      Path folder, String id, @Nullable JsonNode read, Instant named, String stamp)
      throws IOException {
    JsonNode document = read == null ? JSON.createObjectNode() : read;
    State state = state(folder, read);
    Instant began = Optional.ofNullable(instant(document, "started")).orElse(named);
    var talk = new TalkTime();
    List<Party> parties = parties(document, began, talk);
    OnDisk disk = onDisk(folder);
    Decided decided = decided(folder);
    JsonNode policy = document.path("policy");
    return new IndexedRecording(
        id,
        text(document, "call"),
        text(document, "team"),
        text(document, "chat"),
        text(document, "display_name"),
        text(document, "node"),
        began,
        instant(document, "ended"),
        ms(document.path("duration")),
        state,
        score(document),
        talk.totalMs(),
        talk.overlapMs(),
        parties,
        new Policy(
            text(policy, "name"),
            text(policy, "version"),
            text(policy, "mode"),
            text(policy, "retention")),
        state == State.RUNNING ? null : decided.keptUntil,
        decided.held,
        disk.encrypted,
        place(folder, disk),
        disk.bytes,
        Verified.NEVER,
        stamp);
  }

  private static State state(Path folder, @Nullable JsonNode document) {
    if (Files.exists(folder.resolve(MARKER))) {
      return State.RUNNING;
    }
    if (document == null) {
      return State.UNREADABLE;
    }
    if (document.path("complete").asBoolean()) {
      return State.COMPLETE;
    }
    return document.path("interrupted").asBoolean() ? State.INTERRUPTED : State.STOPPED;
  }

  private Place place(Path folder, OnDisk disk) {
    if (!S3Archive.holds(folders.root(), folder)) {
      return Place.DISK;
    }
    return disk.tracks > 0 ? Place.DISK_AND_STORE : Place.STORE;
  }

  private record Decided(boolean held, @Nullable Instant keptUntil) {}

  private Decided decided(Path folder) {
    try {
      Custody custody = Custody.read(folder, key);
      Instant until = custody.retainedUntil().orElse(null);
      return new Decided(custody.held(), until != null && until.isAfter(FOREVER) ? FOREVER : until);
    } catch (IOException | DateTimeException e) {
      return new Decided(true, null); // nothing deletes it, as long as nobody can tell
    }
  }

  private record OnDisk(int tracks, boolean encrypted, long bytes) {}

  private static OnDisk onDisk(Path folder) throws IOException {
    int tracks = 0;
    long bytes = 0;
    boolean encrypted = Files.exists(folder.resolve(KeyFile.FILE));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        tracks += RecordingReader.isTrack(name) ? 1 : 0;
        encrypted |= name.endsWith(RecordingReader.ENCRYPTED);
        bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
      }
    }
    return new OnDisk(tracks, encrypted, bytes);
  }

  private static List<Party> parties(JsonNode document, Instant began, TalkTime all) {
    long lengthMs = ms(document.path("duration"));
    List<Party> parties = new ArrayList<>();
    for (JsonNode each : document.path("participants")) {
      if (parties.size() == MAX_PARTIES) {
        break;
      }
      String contact = text(each, "contact");
      for (JsonNode span : each.path("talked")) {
        all.add(contact, ms(span.path("from")), ms(span.path("to")));
      }
      Instant left = instant(each, "left");
      parties.add(
          new Party(
              contact,
              text(each, "display_name"),
              text(each, "useragent"),
              RecordingReader.plainName(text(each, "file")),
              since(began, Optional.ofNullable(instant(each, "joined")).orElse(began)),
              left == null ? lengthMs : since(began, left),
              total(each.path("talked")),
              total(each.path("muted")),
              total(each.path("masked")),
              score(each)));
    }
    return parties;
  }

  private static double score(JsonNode of) {
    return Math.clamp(of.path("completeness").path("score").asDouble(0), 0, 1);
  }

  private static long total(JsonNode spans) {
    long total = 0;
    for (JsonNode span : spans) {
      total += Math.max(0, ms(span.path("to")) - ms(span.path("from")));
    }
    return total;
  }

  private static long since(Instant began, Instant at) {
    return Math.max(0, Duration.between(began, at).toMillis());
  }

  private static long ms(JsonNode seconds) {
    return Math.max(0, Math.round(seconds.asDouble(0) * 1000));
  }

  private static @Nullable Instant instant(JsonNode of, String field) {
    try {
      Instant at = Instant.parse(of.path(field).asText(""));
      return at.isBefore(FOREVER) && at.isAfter(Instant.EPOCH) ? at : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String text(JsonNode of, String field) {
    return cut(of.path(field).asText(""));
  }

  /** Databases refuse a zero byte. */
  private static String cut(String text) {
    String clean = text.replace('\0', ' ');
    return clean.length() > MAX_TEXT ? clean.substring(0, MAX_TEXT) : clean;
  }
}
