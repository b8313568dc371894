package parley.relay.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/** Small text files with a signature as their last line. */
final class SignedText {

  private SignedText() {}

  /**
   * The last line, with its newline.
   *
   * @param format what kind of text it is: a signature of one kind is none of another
   */
  static String signature(String format, String text, SigningKey signer) {
    byte[] signature = signer.sign(signed(format, text));
    return SealReader.SIGNATURE + Base64.getEncoder().encodeToString(signature) + "\n";
  }

  static boolean isSigned(String format, String text, String line, PublicKey signer) {
    if (!line.startsWith(SealReader.SIGNATURE) || !line.endsWith("\n")) {
      return false;
    }
    String base64 = line.substring(SealReader.SIGNATURE.length(), line.length() - 1);
    try {
      byte[] written = Base64.getDecoder().decode(base64);
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(signer);
      signature.update(signed(format, text));
      // Spelt in another way it is not as it was written.
      return Base64.getEncoder().encodeToString(written).equals(base64)
          && signature.verify(written);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] signed(String format, String text) {
    String digest = SealLine.hex(SealLine.sha256(text.getBytes(StandardCharsets.ISO_8859_1)));
    return (format + " " + digest).getBytes(StandardCharsets.US_ASCII);
  }

  /** What a process that died while it wrote the file has left behind. */
  static Path temporary(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".tmp");
  }

  /**
   * Writes a file as a whole: whoever looks, whenever the power fails, finds the old or the new.
   */
  static void replace(Path file, String text) throws IOException {
    Path temporary = temporary(file);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
