package parley.relay.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * {@code wrapped.keys} beside an encrypted recording: its data key, wrapped. Not part of the seal,
 * because rotation replaces it; the seal names the data key, and this file is signed by itself.
 *
 * <pre>
 * parley-keys 1
 * call &lt;uid&gt;
 * data &lt;id of the data key&gt;
 * wrap &lt;id of the wrapping key&gt; &lt;method&gt; &lt;base64&gt;      one or more
 * signature &lt;base64&gt;                                    Ed25519, over all lines before
 * </pre>
 */
public final class KeyFile {

  /** The file's name in the folder of the recording. */
  public static final String FILE = "wrapped.keys";

  private static final String FORMAT = "parley-keys 1";

  /** Some keys of some hundred bytes. */
  private static final long MAX_BYTES = 65_536;

  private final String call;
  private final WrappedKey key;
  private final String text;
  private final String signature;

  private KeyFile(String call, WrappedKey key, String text, String signature) {
    this.call = call;
    this.key = key;
    this.text = text;
    this.signature = signature;
  }

  /** What a process that died while it wrote it has left behind. */
  public static Path temporary(Path folder) {
    return SignedText.temporary(folder.resolve(FILE));
  }

  /**
   * Writes it, in place of another: whoever looks finds one of the two.
   *
   * @param call uid
   */
  public static void write(Path folder, String call, WrappedKey key, SigningKey signer)
      throws IOException {
    var text = new StringBuilder(FORMAT + "\ncall " + call + "\ndata " + key.id() + "\n");
    for (WrappedKey.Wrap wrap : key.wraps()) {
      String bytes = Base64.getEncoder().encodeToString(wrap.bytes());
      text.append("wrap ").append(wrap.kek()).append(' ').append(wrap.method()).append(' ');
      text.append(bytes).append('\n');
    }
    text.append(SignedText.signature(FORMAT, text.toString(), signer));
    SignedText.replace(folder.resolve(FILE), text.toString());
  }

  /**
   * Reads it; says nothing of who signed it.
   *
   * @throws IOException with a sentence, when there is none or it cannot be understood
   */
  public static KeyFile read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("there is no " + FILE + " beside the recording");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(FILE + " is longer than any can be");
    }
    String all = Files.readString(file, StandardCharsets.ISO_8859_1);
    int signed = all.lastIndexOf(SealReader.SIGNATURE);
    String[] lines = signed < 0 ? new String[0] : all.substring(0, signed).split("\n", -1);
    if (lines.length < 5
        || !lines[0].equals(FORMAT)
        || !lines[1].startsWith("call ")
        || !lines[2].startsWith("data ")
        || !lines[lines.length - 1].isEmpty()) {
      throw new IOException(FILE + " cannot be understood");
    }
    List<WrappedKey.Wrap> wraps = new ArrayList<>();
    for (int i = 3; i < lines.length - 1; i++) {
      wraps.add(wrap(lines[i].split(" ", -1)));
    }
    return new KeyFile(
        lines[1].substring("call ".length()),
        new WrappedKey(lines[2].substring("data ".length()), wraps),
        all.substring(0, signed),
        all.substring(signed));
  }

  private static WrappedKey.Wrap wrap(String[] words) throws IOException {
    if (words.length == 4 && words[0].equals("wrap")) {
      try {
        return new WrappedKey.Wrap(words[1], words[2], Base64.getDecoder().decode(words[3]));
      } catch (IllegalArgumentException e) {
        // no base64: not understood, like any other
      }
    }
    throw new IOException(FILE + " cannot be understood");
  }

  /** The call it says it belongs to. */
  public String call() {
    return call;
  }

  public WrappedKey key() {
    return key;
  }

  /** Whether the owner of this key signed it, as it is. */
  public boolean isSignedBy(PublicKey signer) {
    return SignedText.isSigned(FORMAT, text, signature, signer);
  }
}
