package parley.signalling.access;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Keys in a file: rotated by writing another. */
record KeyFile(Path file) implements KeySource {

  /** As many as {@link KeyText} takes, generously. */
  private static final long MAX_BYTES = 1 << 18;

  @Override
  public List<JWK> read() throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is too large for a file of keys");
      }
      return KeyText.parse(Files.readString(file), file.toString());
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    }
  }
}
