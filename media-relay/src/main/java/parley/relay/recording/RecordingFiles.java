package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SigningKey;
import parley.relay.vault.KeySupply;

/**
 * Everything that one recording has on disk: the folder with its marker, the seal, the journal, the
 * tracks and the description. Owned by the recorder's thread.
 */
final class RecordingFiles {

  /** Three for each who comes, a thousand people ten times a day. */
  private static final int MAX_NOTES = 30_000;

  private final RecordingFolder folder;
  private final Seal seal;
  private final Journal journal;
  private final TrackFiles tracks;
  private final Attendance attendance;
  private final List<CallDocument.Note> notes = new ArrayList<>();
  private final Clock clock;
  private final long startNs;
  private boolean described;
  private boolean documented;

  private RecordingFiles(
      RecordingFolder folder,
      Seal seal,
      Journal journal,
      TrackFiles tracks,
      Attendance attendance,
      Clock clock,
      long startNs) {
    this.folder = folder;
    this.seal = seal;
    this.journal = journal;
    this.tracks = tracks;
    this.attendance = attendance;
    this.clock = clock;
    this.startNs = startNs;
  }

  /**
   * Makes the folder and what is in it from the start; nothing stays when that fails.
   *
   * @param keys for encryption; null: none
   */
  static RecordingFiles begin(
      Path root,
      CallId call,
      CallInfo info,
      Instant started,
      long startNs,
      Set<Path> own,
      Clock clock,
      SigningKey key,
      @Nullable KeySupply keys)
      throws IOException {
    KeySupply.Fresh fresh = keys == null ? null : keys.take();
    RecordingFolder folder = RecordingFolder.create(root, call, started, own);
    try {
      Seal seal = Seal.begin(folder.path(), call.value(), started, key);
      RecordingPolicy policy = info.policy();
      seal.retention(policy.retentionDays(), policy.retention(), policy.legalHold());
      if (fresh != null) {
        seal.encrypted(fresh.key().id());
        KeyFile.write(folder.path(), call.value(), fresh.wrapped(), key);
      }
      Journal journal = new Journal(folder.path());
      var tracks = new TrackFiles(folder.path(), seal, call, fresh == null ? null : fresh.key());
      var attendance = new Attendance(call, info, started, startNs, tracks, journal);
      return new RecordingFiles(folder, seal, journal, tracks, attendance, clock, startNs);
    } catch (IOException e) {
      try {
        folder.discard();
      } catch (IOException left) {
        e.addSuppressed(left); // the next start removes it
      }
      throw e;
    }
  }

  Path folder() {
    return folder.path();
  }

  Attendance attendance() {
    return attendance;
  }

  /** Something to be told beside the tracks. What is beyond the bound is only in the journal. */
  void note(RecordingNote note, long nowNs) {
    CallDocument.Note told = CallDocument.note(place(nowNs), note);
    journal.note(place(nowNs), told);
    if (notes.size() < MAX_NOTES) {
      notes.add(told);
    }
  }

  List<CallDocument.Note> notes() {
    return notes;
  }

  /** Writes what is due. The journal first: no gap reaches the disk before its entry. */
  void tick(long nowNs) throws IOException {
    journal.flush();
    for (Track track : attendance.tracks()) {
      track.onTick(nowNs);
    }
    journal.flush();
  }

  void alive(long nowNs) {
    folder.alive(place(nowNs), nowNs);
  }

  void ends(long nowNs) {
    folder.ends(place(nowNs));
  }

  private long place(long nowNs) {
    return Math.max(0, (nowNs - startNs) * 48 / 1_000_000);
  }

  /** Nothing more can be written but the last lines, for which some space has been kept. */
  void onStopped() {
    attendance.onStopped();
    folder.release();
  }

  boolean isGone() {
    return !Files.isDirectory(folder.path());
  }

  /** Whether the last description is written. */
  boolean isDescribed() {
    return described;
  }

  void describe(byte[] document, boolean last) throws IOException {
    AtomicFile.write(folder.path().resolve(CallDocument.FILE), document);
    described = last;
  }

  /**
   * Seals all there is. Can be called again when the disk did not take it: what is done is not done
   * twice.
   */
  void close(boolean complete) throws IOException {
    if (!documented) {
      for (Track track : attendance.tracks()) {
        track.seal();
      }
      seal.document(CallDocument.FILE);
      documented = true;
    }
    seal.end(complete ? Seal.End.COMPLETE : Seal.End.STOPPED, clock.instant());
    tracks.forget();
    journal.remove();
    folder.complete();
  }
}
