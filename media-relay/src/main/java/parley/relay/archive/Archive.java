package parley.relay.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.evidence.Custody;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.Finding;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.evidence.Verdict;
import parley.relay.index.FolderReader;
import parley.relay.index.IndexedRecording;
import parley.relay.index.IndexedRecording.Place;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.IndexedRecording.Verified;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.store.S3Archive;
import parley.relay.timestamp.TimeStamp;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

/**
 * The recordings of this node. What is said of one always comes from its folder; the index is told,
 * and does not have to be there. Who may do what, and that it is written down first, is for the
 * callers. Thread-safe; blocks for disks and stores.
 */
public final class Archive {

  private static final Logger log = LoggerFactory.getLogger(Archive.class);

  /** Of what a verification found, that much is told; it stays with the row, too. */
  private static final int TOLD_FINDINGS = 20;

  private final RecordingFolders folders;
  private final FolderReader reader;
  private final SigningKey key;
  private final KeyRing ring;
  private final RecordingIndex index;
  private final @Nullable S3Archive store;
  private final Clock clock;

  /**
   * @param key signs what is decided
   * @param ring opens encrypted audio, as far as it can
   * @param store null: recordings are on the local disk only
   */
  public Archive(
      RecordingFolders folders,
      SigningKey key,
      KeyRing ring,
      RecordingIndex index,
      @Nullable S3Archive store,
      Clock clock) {
    this.folders = folders;
    this.reader = new FolderReader(folders, key.publicKey());
    this.key = key;
    this.ring = ring;
    this.index = index;
    this.store = store;
    this.clock = clock;
  }

  /** Who decides something about a recording, and why. */
  public record Decision(String who, String why) {}

  /**
   * What a verification came to.
   *
   * @param findings sentences, the first ones
   * @param timeStamp who said when that the seal was there; null: nobody was asked
   */
  public record Proven(
      Proof proof,
      Instant at,
      String end,
      int files,
      int segments,
      long bytes,
      long recoveredBytes,
      List<String> findings,
      @Nullable String timeStamp) {
    public Proven {
      findings = List.copyOf(findings);
    }
  }

  /** For whom rows are looked up. */
  public RecordingIndex index() {
    return index;
  }

  /** The public half of the key that signs. */
  public PublicKey publicKey() {
    return key.publicKey();
  }

  /** Signs what is handed out. */
  public SigningKey signingKey() {
    return key;
  }

  public KeyRing ring() {
    return ring;
  }

  /** The folder of a recording; empty when there is none. */
  public Optional<Path> folder(String id) {
    return folders.folder(id).filter(Files::isDirectory);
  }

  /**
   * One recording, as it is on disk; what the latest verification came to is the index' to say.
   *
   * @return empty when there is no such recording
   */
  public Optional<IndexedRecording> find(String id) throws IOException {
    Optional<Path> folder = folder(id);
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Optional<IndexedRecording> read = reader.read(folder.get());
    try {
      Verified verified = index.find(id).map(IndexedRecording::verified).orElse(Verified.NEVER);
      return read.map(row -> row.with(verified));
    } catch (SQLException e) {
      log.debug("the index does not know recording {}: {}", id, e.getMessage());
      return read;
    }
  }

  /** Every decision since it was sealed; empty when there is none, or they cannot be believed. */
  public List<Custody.Entry> custody(Path folder) {
    try {
      return Custody.read(folder, key.publicKey()).entries();
    } catch (IOException e) {
      log.warn("recording {}: {}", folder.getFileName(), e.getMessage());
      return List.of();
    }
  }

  /** The certificate of its deletion; empty when it was not deleted. */
  public Optional<String> certificate(Path folder) throws IOException {
    Path file = folder.resolve(Deletion.FILE);
    return Deletion.certificate(folder, key.publicKey()).isPresent()
        ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  /** Compares every byte with the seal, and remembers what came of it. */
  public Proven verify(String id) throws IOException {
    Path folder = closed(id);
    if (reader.read(folder).filter(row -> row.place() == Place.STORE).isPresent()) {
      throw new NotNow("its audio is only in the store; it has to be fetched first");
    }
    Verdict verdict = SealVerifier.verify(folder, key.publicKey());
    List<String> findings =
        new ArrayList<>(
            verdict.findings().stream().limit(TOLD_FINDINGS).map(Finding::toString).toList());
    String stamp = null;
    if (Files.exists(folder.resolve(TimeStamp.FILE))) {
      try {
        stamp = TimeStamp.read(folder).toString();
      } catch (IOException e) {
        findings.add(TimeStamp.FILE + ": " + e.getMessage());
      }
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Proof proof = findings.isEmpty() ? Proof.PROVEN : Proof.BROKEN;
    remember(id, new Verified(proof, now, findings.isEmpty() ? "" : findings.getFirst()));
    return new Proven(
        proof,
        now,
        verdict.end(),
        verdict.files(),
        verdict.segments(),
        verdict.bytes(),
        verdict.recoveredBytes(),
        findings,
        stamp);
  }

  private void remember(String id, Verified verified) {
    try {
      index.verified(id, verified);
    } catch (SQLException e) {
      log.warn("what came of verifying {} is not in the index: {}", id, e.getMessage());
    }
  }

  /** Nothing deletes it before it is released. */
  public IndexedRecording hold(String id, Decision by) throws IOException {
    return decide(id, new Custody.Entry(Custody.Act.HOLD, now(), by.who, by.why, null));
  }

  /** Ends all holds. */
  public IndexedRecording release(String id, Decision by) throws IOException {
    return decide(id, new Custody.Entry(Custody.Act.RELEASE, now(), by.who, by.why, null));
  }

  /** It has to be kept until then at least; the latest of all dates counts. */
  public IndexedRecording retain(String id, Instant until, Decision by) throws IOException {
    return decide(id, new Custody.Entry(Custody.Act.RETAIN, now(), by.who, by.why, until));
  }

  private synchronized IndexedRecording decide(String id, Custody.Entry entry) throws IOException {
    Path folder = closed(id);
    Custody custody;
    try {
      custody = Custody.read(folder, key.publicKey());
    } catch (IOException e) {
      throw new NotNow(String.valueOf(e.getMessage()), e);
    }
    custody.add(entry, key);
    return changed(id);
  }

  /**
   * Deletes everything but a certificate of it, in the store first.
   *
   * @throws NotNow it is held, has to be kept, runs, or the store refuses; nothing is lost then
   */
  public synchronized IndexedRecording delete(String id, Decision by) throws IOException {
    Path folder = closed(id);
    try {
      Deletion.checkWhole(folder);
      Optional<String> refusal = Custody.read(folder, key.publicKey()).refusal(now());
      if (refusal.isPresent()) {
        throw new NotNow(refusal.get());
      }
      deleteStored(folder);
      Deletion.delete(folder, now(), by.who, by.why, key);
    } catch (NotNow e) {
      throw e;
    } catch (IOException e) {
      throw new NotNow(String.valueOf(e.getMessage()), e);
    }
    return changed(id);
  }

  /** Returns the number of objects. */
  private int deleteStored(Path folder) throws IOException {
    S3Archive in = store;
    if (in == null) {
      if (S3Archive.holds(folders.root(), folder)) {
        throw new NotNow("it is in a bucket, too, and recording.store names none");
      }
      return 0;
    }
    try {
      return in.delete(folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotNow("interrupted", e);
    }
  }

  /** Gets the audio back from the store, where it is only there. */
  public synchronized IndexedRecording fetch(String id) throws IOException {
    Path folder = closed(id);
    S3Archive from = store;
    if (from == null) {
      throw new NotNow("recording.store.endpoint names no store");
    }
    try {
      from.fetch(folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotNow("interrupted", e);
    } catch (IOException e) {
      throw new NotNow(String.valueOf(e.getMessage()), e);
    }
    return changed(id);
  }

  /**
   * Opens the audio of one recording.
   *
   * @throws NotNow it is not on the local disk, or no key opens it
   */
  public RecordingReader open(String id) throws IOException {
    IndexedRecording row = find(id).orElseThrow(Archive::notThere);
    if (row.state() == State.DELETED) {
      throw new NotNow("it has been deleted");
    }
    if (row.place() == Place.STORE) {
      throw new NotNow("its audio is only in the store; it has to be fetched first");
    }
    try {
      return RecordingReader.open(folder(id).orElseThrow(Archive::notThere), ring);
    } catch (IOException e) {
      throw new NotNow(String.valueOf(e.getMessage()), e);
    }
  }

  private Path closed(String id) throws IOException {
    Path folder = folder(id).orElseThrow(Archive::notThere);
    IndexedRecording row = reader.read(folder).orElseThrow(Archive::notThere);
    if (row.state() == State.RUNNING) {
      throw new NotNow("it is being recorded, or has not been closed after a crash");
    }
    if (row.state() == State.DELETED) {
      throw new NotNow("it has been deleted");
    }
    return folder;
  }

  private static NotNow notThere() {
    return new NotNow("there is no such recording");
  }

  private IndexedRecording changed(String id) throws IOException {
    IndexedRecording row = find(id).orElseThrow(Archive::notThere);
    try {
      index.put(List.of(row));
    } catch (SQLException e) {
      log.warn("recording {} is not as it is in the index yet: {}", id, e.getMessage());
    }
    return row;
  }

  private Instant now() {
    return clock.instant();
  }
}
