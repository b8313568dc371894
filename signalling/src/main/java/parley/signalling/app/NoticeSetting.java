package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import parley.relay.mix.Announcement;
import parley.relay.mix.SoundFile;
import parley.relay.opus.Opus;
import parley.signalling.settings.SettingsException;

/** The operator's notice that a call is recorded, {@code recording.notice_file}. */
final class NoticeSetting {

  /** Thirty seconds of stereo at 96 kHz, and some air. */
  private static final long MAX_BYTES = 16L << 20;

  private NoticeSetting() {}

  /**
   * Reads it.
   *
   * @param file empty: the usual one
   * @return null: the usual one
   * @throws SettingsException when it cannot be used, with what would be right
   */
  static @Nullable Announcement read(String file) throws SettingsException {
    if (file.isEmpty()) {
      return null;
    }
    try {
      if (!Opus.isAvailable()) {
        throw new IOException("there is no Opus library for this system to encode it with");
      }
      Path path = Path.of(file);
      if (Files.size(path) > MAX_BYTES) {
        throw new IOException("it is larger than " + (MAX_BYTES >> 20) + " MiB");
      }
      return Announcement.of(SoundFile.parse(Files.readAllBytes(path)));
    } catch (NoSuchFileException e) {
      throw new SettingsException("recording.notice_file", "there is no file " + file);
    } catch (IOException e) {
      throw new SettingsException(
          "recording.notice_file", file + " cannot be used: " + e.getMessage());
    }
  }
}
