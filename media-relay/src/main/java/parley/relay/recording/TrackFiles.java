package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.evidence.Seal;
import parley.relay.vault.DataKey;
import parley.relay.vault.RecordingReader;
import parley.relay.vault.TrackDecryption;
import parley.relay.vault.TrackEncryption;

/** Where the tracks of one recording go, and what protects them on the way. */
final class TrackFiles {

  private final Path folder;
  private final Seal seal;
  private final CallId call;
  private final @Nullable DataKey key;

  /**
   * @param key encrypts the tracks; null: they stay as they are
   */
  TrackFiles(Path folder, Seal seal, CallId call, @Nullable DataKey key) {
    this.folder = folder;
    this.seal = seal;
    this.call = call;
    this.key = key;
  }

  /**
   * The name of a track's file.
   *
   * @param plain what it is called when it is not protected
   */
  String name(String plain) {
    return key == null ? plain : plain + RecordingReader.ENCRYPTED;
  }

  /** Whether a file of this name is a track. */
  static boolean isTrack(String name) {
    return RecordingReader.isTrack(name);
  }

  /** How long a track plays up to its last whole page, in samples; told without its key. */
  static long duration(Path track) throws IOException {
    return track.toString().endsWith(RecordingReader.ENCRYPTED)
        ? Math.max(0, TrackDecryption.granule(track) - OggOpusWriter.PRE_SKIP)
        : OggTail.duration(track);
  }

  /**
   * @throws IOException also when it is there already
   */
  TrackFile create(String name) throws IOException {
    return new TrackFile(folder.resolve(name));
  }

  /** What pages go through on their way to the file. */
  PageOutput protect(String name, PageOutput file) {
    if (key == null) {
      return file;
    }
    var encryption = new TrackEncryption(key, call.value(), name);
    return (data, length, granule) -> {
      byte[] segment = encryption.segment(data, length, granule);
      file.page(segment, segment.length, granule);
    };
  }

  /** Nothing will be written any more. */
  void forget() {
    if (key != null) {
      key.destroy();
    }
  }

  Seal seal() {
    return seal;
  }

  /** Tells the Ogg streams of one recording apart (RFC 3533 §4). */
  int serial(int track) {
    return folder.hashCode() * 31 + track;
  }
}
