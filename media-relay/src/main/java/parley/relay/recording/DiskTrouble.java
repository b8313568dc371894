package parley.relay.recording;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.relay.vault.KeyTrouble;

/** Says in one sentence, without paths, why a recording cannot go on. */
final class DiskTrouble {

  private DiskTrouble() {}

  static String sentence(Exception cause) {
    if (cause instanceof KeyTrouble trouble) {
      return String.valueOf(trouble.getMessage());
    }
    String detail = detail(cause).toLowerCase(Locale.ROOT);
    if (detail.contains("no space") || detail.contains("quota")) {
      return "The disk for recordings is full.";
    }
    if (detail.contains("too many open files")) {
      return "The server has too many files open to record this call.";
    }
    if (cause instanceof AccessDeniedException
        || detail.contains("permission denied")
        || detail.contains("read-only")) {
      return "The server may not write to the folder for recordings.";
    }
    if (cause instanceof FileAlreadyExistsException
        || cause instanceof NotDirectoryException
        || detail.contains("not a directory")) {
      return "The folder for recordings cannot be made: there is a file of that name.";
    }
    if (cause instanceof NoSuchFileException) {
      return "The folder of the recording has been removed.";
    }
    if (cause instanceof RuntimeException) {
      return "The recording was given up because of a defect in the recorder.";
    }
    return "The disk for recordings does not take any more data.";
  }

  private static String detail(Exception cause) {
    @Nullable String text =
        cause instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : cause.getMessage();
    return text == null ? "" : text;
  }
}
