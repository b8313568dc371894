package parley.signalling.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is there whole or not at all, and never in place of another. */
final class NewFile {

  /** Writes its content. */
  interface Content {
    void to(OutputStream out) throws IOException;
  }

  private NewFile() {}

  /**
   * Writes it; what fails leaves nothing behind.
   *
   * @return bytes
   * @throws IOException with a sentence, also when there is one of this name
   */
  static long write(Path file, Content content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    OutputStream created;
    try {
      created = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("there is a file " + file + " already", e);
    }
    try (OutputStream out = new BufferedOutputStream(created)) {
      content.to(out);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return Files.size(file);
  }
}
