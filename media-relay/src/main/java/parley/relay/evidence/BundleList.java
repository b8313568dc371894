package parley.relay.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * The list of all that is in an export bundle, {@code bundle.log}, signed as a whole. What is in
 * the recording's own folder is sealed besides; the list is what protects the rest: the mix, the
 * decrypted tracks, the extract of the audit log.
 *
 * <pre>
 * parley-bundle 1
 * recording &lt;name of the folder&gt;
 * made &lt;when&gt; &lt;who&gt; &lt;why&gt;                 who and why as in a URL's query
 * part &lt;from&gt; &lt;length&gt; &lt;SHA-256&gt; &lt;file&gt;     a MiB of a file, in order; one of 0 bytes for an empty one
 * signature &lt;base64&gt;                       Ed25519, over all lines before
 * </pre>
 */
public final class BundleList {

  /** The list's name in the bundle. */
  public static final String FILE = "bundle.log";

  static final String FORMAT = "parley-bundle 1";

  /** 1 MiB: a byte that was changed is found to lie in so many. */
  private static final int PART_BYTES = 1 << 20;

  private final StringBuilder text = new StringBuilder(FORMAT + "\n");

  public BundleList(String recording, Instant when, String who, String why) {
    text.append("recording ").append(recording).append('\n');
    text.append("made ").append(when);
    text.append(' ').append(URLEncoder.encode(who, StandardCharsets.UTF_8));
    text.append(' ').append(URLEncoder.encode(why, StandardCharsets.UTF_8)).append('\n');
  }

  /**
   * Lists a file while it is written.
   *
   * @param file path in the bundle, with slashes; ASCII
   * @param to takes the bytes on; is not closed
   */
  public OutputStream file(String file, OutputStream to) {
    return new Listed(file, to);
  }

  /** The whole list. */
  public byte[] sign(SigningKey key) {
    String all = text + SignedText.signature(FORMAT, text.toString(), key);
    return all.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Passes on what is written, and hashes it. */
  private final class Listed extends OutputStream {
    private final String file;
    private final OutputStream to;
    private final MessageDigest digest = SealLine.digest();
    private long from;
    private int length;

    Listed(String file, OutputStream to) {
      this.file = file;
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int count) throws IOException {
      to.write(data, offset, count);
      int at = offset;
      int left = count;
      while (left > 0) {
        int take = Math.min(left, PART_BYTES - length);
        digest.update(data, at, take);
        length += take;
        at += take;
        left -= take;
        if (length == PART_BYTES) {
          list();
        }
      }
    }

    private void list() {
      String sha256 = SealLine.hex(digest.digest());
      text.append("part ").append(from).append(' ').append(length).append(' ').append(sha256);
      text.append(' ').append(file).append('\n');
      from += length;
      length = 0;
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public void close() {
      if (length > 0 || from == 0) {
        list();
      }
    }
  }
}
