package parley.relay.evidence;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;

/**
 * The seal of one recording, written while it is made: {@code seal.log}, a chain of lines, each
 * about bytes that are on disk already and are never written again.
 *
 * <pre>
 * parley-seal 1                                     the format
 * call &lt;uid&gt; &lt;when&gt;
 * key &lt;SHA-256 of the public key&gt;
 * retain &lt;days&gt; &lt;class&gt;                         kept so long at least, after the end
 * hold policy                                   on legal hold from the start
 * encrypted AES-256-GCM &lt;id of the data key&gt;  the key lies wrapped in wrapped.keys
 * segment &lt;from&gt; &lt;length&gt; &lt;SHA-256&gt; &lt;file&gt;       some seconds of one track
 * recovered &lt;from&gt; &lt;length&gt; &lt;SHA-256&gt; &lt;file&gt;     the same, sealed only after a crash
 * document &lt;length&gt; &lt;SHA-256&gt; &lt;file&gt;           a whole file
 * end complete | stopped | interrupted &lt;when&gt;
 * signature &lt;base64&gt;                              Ed25519, over the chain up to the end
 * </pre>
 *
 * Not thread-safe.
 */
public final class Seal implements AutoCloseable {

  /** The file's name in the folder of the recording. */
  public static final String FILE = "seal.log";

  /** How a recording came to its end. */
  public enum End {
    COMPLETE("complete"),
    /** Something broke, and the call went on without being recorded. */
    STOPPED("stopped"),
    /** The process died; it was sealed by the next one. */
    INTERRUPTED("interrupted");

    private final String word;

    End(String word) {
      this.word = word;
    }
  }

  private final Path folder;
  private final SigningKey key;
  private final FileChannel channel;
  private byte[] link;
  private boolean ended;
  private boolean signed;

  private Seal(Path folder, SigningKey key, FileChannel channel, byte[] link) {
    this.folder = folder;
    this.key = key;
    this.channel = channel;
    this.link = link;
  }

  /**
   * Begins a seal in the folder of a new recording.
   *
   * @throws IOException also when there is one already
   */
  public static Seal begin(Path folder, String call, Instant when, SigningKey key)
      throws IOException {
    var channel =
        FileChannel.open(
            folder.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var seal = new Seal(folder, key, channel, SealLine.START);
    seal.add(SealLine.FORMAT);
    seal.add("call " + call + " " + when);
    seal.add("key " + SealLine.hex(SealLine.sha256(key.publicKey().getEncoded())));
    return seal;
  }

  /**
   * Goes on with the seal of a process that died.
   *
   * @param size bytes of its whole lines; what is behind them, half a line, goes
   * @param link the chain's link at the last of them
   */
  static Seal resume(Path folder, SigningKey key, long size, byte[] link) throws IOException {
    var channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(size).position(size);
    return new Seal(folder, key, channel, link);
  }

  /**
   * What the policy says of keeping the recording.
   *
   * @param days at least, from its end; 0: no rule
   * @param name of the class of retention; empty: none
   * @param hold whether it is on legal hold from the start
   */
  public void retention(int days, String name, boolean hold) throws IOException {
    if (days > 0) {
      add("retain " + days + " " + URLEncoder.encode(name, StandardCharsets.UTF_8));
    }
    if (hold) {
      add("hold policy");
    }
  }

  /** The tracks are encrypted, with keys that come from this data key. */
  public void encrypted(String dataKeyId) throws IOException {
    add("encrypted AES-256-GCM " + dataKeyId);
  }

  /** Of the kind that {@link #segment} takes. */
  public static MessageDigest digest() {
    return SealLine.digest();
  }

  /** Some bytes of a track have been written. */
  public void segment(String file, long from, long length, byte[] sha256) throws IOException {
    add("segment " + from + " " + length + " " + SealLine.hex(sha256) + " " + file);
  }

  /** Bytes of a track that a process had written, but not sealed, when it died. */
  void recovered(String file, long from, long length, byte[] sha256) throws IOException {
    add("recovered " + from + " " + length + " " + SealLine.hex(sha256) + " " + file);
  }

  /** Seals a whole file that will not change any more. */
  public void document(String file) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(file));
    add("document " + content.length + " " + SealLine.hex(SealLine.sha256(content)) + " " + file);
  }

  /**
   * Signs all that is sealed. Returns when it would survive a power cut; nothing can follow. Can be
   * called again when the disk did not take it.
   */
  public void end(End how, Instant when) throws IOException {
    if (!ended) {
      add("end " + how.word + " " + when);
      ended = true;
    }
    sign();
  }

  void sign() throws IOException {
    if (!channel.isOpen()) {
      return; // done before
    }
    if (!signed) {
      byte[] signature = key.sign(SealLine.signed(link));
      write(SealReader.SIGNATURE + Base64.getEncoder().encodeToString(signature) + "\n");
      signed = true;
    }
    channel.force(true);
    channel.close();
  }

  /** Leaves it unsigned, as a crash would. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void add(String text) throws IOException {
    byte[] next = SealLine.link(link, text);
    write(text + "\t" + SealLine.hex(next) + "\n");
    link = next;
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    long before = channel.position();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      channel.truncate(before); // a full disk takes half lines; leave only whole ones
      throw e;
    }
  }
}
