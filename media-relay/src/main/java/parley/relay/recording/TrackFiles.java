package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Path;
import parley.relay.evidence.Seal;

/** Where the tracks of one recording go, and what protects them on the way. */
final class TrackFiles {

  private final Path folder;
  private final Seal seal;

  TrackFiles(Path folder, Seal seal) {
    this.folder = folder;
    this.seal = seal;
  }

  /**
   * The name of a track's file.
   *
   * @param plain what it is called when it is not protected
   */
  String name(String plain) {
    return plain;
  }

  /** Whether a file of this name is a track. */
  static boolean isTrack(String name) {
    return name.endsWith(".opus");
  }

  /**
   * @throws IOException also when it is there already
   */
  TrackFile create(String name) throws IOException {
    return new TrackFile(folder.resolve(name));
  }

  /** What pages go through on their way to the file. */
  PageOutput protect(String name, PageOutput file) {
    return file;
  }

  Seal seal() {
    return seal;
  }

  /** Tells the Ogg streams of one recording apart (RFC 3533 §4). */
  int serial(int track) {
    return folder.hashCode() * 31 + track;
  }
}
