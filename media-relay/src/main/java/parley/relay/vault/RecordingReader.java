package parley.relay.vault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.KeyFile;

/**
 * The audio of one recording, whether it is encrypted or not. Changes nothing, and does not ask
 * whether it is as it was sealed: that is the verifier's.
 */
public final class RecordingReader implements AutoCloseable {

  /** How the name of an encrypted track ends, behind that of a plain one. */
  public static final String ENCRYPTED = ".enc";

  private static final String TRACK = ".opus";

  private final Path folder;
  private final @Nullable DataKey key;
  private final String call;

  private RecordingReader(Path folder, @Nullable DataKey key, String call) {
    this.folder = folder;
    this.key = key;
    this.call = call;
  }

  /**
   * Opens a recording; for an encrypted one its key is unwrapped, which may ask a device.
   *
   * @throws IOException with a sentence: no key of the ring can, or somebody has changed it
   */
  public static RecordingReader open(Path folder, KeyRing ring) throws IOException {
    boolean encrypted = isEncrypted(folder);
    if (!encrypted) {
      return new RecordingReader(folder, null, "");
    }
    KeyFile file = KeyFile.read(folder);
    try {
      return new RecordingReader(folder, ring.unwrap(file.key()), file.call());
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "recording " + folder.getFileName() + " cannot be decrypted: " + e.getMessage(), e);
    }
  }

  /** Whether it takes a key to hear it. */
  public static boolean isEncrypted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(TRACK + ENCRYPTED));
    }
  }

  /** Whether a file of this name is a track. */
  public static boolean isTrack(String name) {
    return name.endsWith(TRACK) || name.endsWith(TRACK + ENCRYPTED);
  }

  /** What a track's file is called when it is not encrypted. */
  public static String plainName(String name) {
    return name.endsWith(TRACK + ENCRYPTED)
        ? name.substring(0, name.length() - ENCRYPTED.length())
        : name;
  }

  /** File names of the tracks, as in {@code call.json}, in the order of joining. */
  public List<String> tracks() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(RecordingReader::isTrack)
          .sorted()
          .toList();
    }
  }

  /** The folder of the recording. */
  public Path folder() {
    return folder;
  }

  /**
   * A track as an Ogg Opus file (RFC 7845), from its first byte. Reading it fails where it is not
   * what was encrypted.
   *
   * @param name as in {@code call.json}, or the {@link #plainName} of that
   * @throws IOException also when there is none of this name
   */
  public InputStream track(String name) throws IOException {
    Path file = file(name);
    return key != null && file.toString().endsWith(ENCRYPTED)
        ? TrackDecryption.open(file, key, call)
        : Files.newInputStream(file);
  }

  /**
   * The same from another byte on; what is before it is not decrypted.
   *
   * @throws IOException also when the track is shorter
   */
  public InputStream track(String name, long from) throws IOException {
    InputStream in = track(name);
    try {
      in.skipNBytes(from);
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** How many bytes {@link #track(String)} gives, told without decrypting them. */
  public long length(String name) throws IOException {
    Path file = file(name);
    return file.toString().endsWith(ENCRYPTED) ? TrackDecryption.length(file) : Files.size(file);
  }

  private Path file(String name) throws IOException {
    for (String each : List.of(name, name + ENCRYPTED)) {
      Path file = folder.resolve(each).normalize();
      if (isTrack(each)
          && folder.normalize().equals(file.getParent())
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return file;
      }
    }
    throw new IOException("recording " + folder.getFileName() + " has no track " + name);
  }

  /** Forgets the key. */
  @Override
  public void close() {
    if (key != null) {
      key.destroy();
    }
  }
}
