package parley.signalling.recordings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes are asked for (RFC 9110 §14). Several ranges at once are answered as if none were:
 * that is allowed, and no player asks for them.
 *
 * @param to the last one
 * @param part whether it is less than all, or was asked for as if it were
 */
record ByteRange(long from, long to, boolean part) {

  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Reads a Range field.
   *
   * @param header null: there is none
   * @throws Refusal there are no such bytes
   */
  static ByteRange of(@Nullable String header, long length) throws Refusal {
    Matcher range = ONE.matcher(header == null ? "" : header.strip());
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return new ByteRange(0, length - 1, false);
    }
    if (range.group(1).isEmpty()) { // so many at the end
      long last = Math.min(length, Long.parseLong(range.group(2)));
      if (last > 0) {
        return new ByteRange(length - last, length - 1, true);
      }
      throw none(length);
    }
    long from = Long.parseLong(range.group(1));
    long to = range.group(2).isEmpty() ? length - 1 : Long.parseLong(range.group(2));
    if (to < from && !range.group(2).isEmpty() && from < length) {
      return new ByteRange(0, length - 1, false); // not a range at all
    }
    if (from >= length) {
      throw none(length);
    }
    return new ByteRange(from, Math.min(to, length - 1), true);
  }

  private static Refusal none(long length) {
    return new Refusal(Refusal.Code.RANGE, "there are " + length + " bytes");
  }

  long bytes() {
    return to - from + 1;
  }
}
