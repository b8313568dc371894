package parley.relay.evidence;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads the lines of a {@code seal.log} as far as the chain holds. */
final class SealReader {

  /** A seal is read whole. A line of 150 bytes every five seconds: a day of a hundred people. */
  static final long MAX_BYTES = 256L * 1024 * 1024;

  /** How the last line begins, which no link follows. */
  static final String SIGNATURE = "signature ";

  /**
   * A line.
   *
   * @param text without its link
   * @param from its first byte in the file
   * @param to the byte behind its newline
   */
  record Line(String text, long from, long to) {
    /** The words of the text, at least one. */
    String[] words() {
      return text.split(" ", -1);
    }
  }

  private final byte[] content;
  private final List<Line> lines = new ArrayList<>();
  private byte[] link = SealLine.START;
  private int at;

  SealReader(byte[] content) {
    this.content = content;
    while (next()) {
      // as far as the chain holds
    }
  }

  private boolean next() {
    int newline = at;
    while (newline < content.length && content[newline] != '\n') {
      newline++;
    }
    if (newline == content.length) {
      return false;
    }
    Optional<String> line = text(at, newline);
    int tab = line.map(l -> l.indexOf('\t')).orElse(-1);
    if (tab < 0) {
      return false;
    }
    String text = line.orElseThrow().substring(0, tab);
    byte[] next = SealLine.link(link, text);
    byte[] written = bytes(line.orElseThrow().substring(tab + 1));
    if (!MessageDigest.isEqual(next, written)) {
      return false;
    }
    lines.add(new Line(text, at, newline + 1));
    link = next;
    at = newline + 1;
    return true;
  }

  /** The lines of the chain; the signature is none of them. */
  List<Line> lines() {
    return lines;
  }

  /** The link at the last line. */
  byte[] link() {
    return link;
  }

  /** The first byte behind the last line. */
  int end() {
    return at;
  }

  /** The byte behind the line that begins at {@link #end}. */
  int endOfNext() {
    int to = at;
    while (to < content.length && content[to] != '\n') {
      to++;
    }
    return Math.min(content.length, to + 1);
  }

  /** Bytes of the whole file. */
  int size() {
    return content.length;
  }

  /** Whether whole lines follow that do not belong to the chain, other than one signature. */
  boolean breaks() {
    return endOfNext() < content.length
        || (content.length > at && content[content.length - 1] == '\n' && !isSignature());
  }

  private boolean isSignature() {
    return rest().filter(line -> line.startsWith(SIGNATURE)).isPresent();
  }

  /** What stands behind the chain, without its newline; empty when that is not one whole line. */
  Optional<String> rest() {
    boolean oneLine = endOfNext() == content.length && content.length > at;
    return oneLine && content[content.length - 1] == '\n'
        ? text(at, content.length - 1)
        : Optional.empty();
  }

  private Optional<String> text(int from, int to) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(content, from, to - from))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static byte[] bytes(String hex) {
    // Only lower case: what can be spelt in two ways could be changed unnoticed.
    boolean plain = hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    return plain && hex.length() % 2 == 0 ? HexFormat.of().parseHex(hex) : new byte[0];
  }
}
