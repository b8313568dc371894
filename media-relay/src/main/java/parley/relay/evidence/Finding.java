package parley.relay.evidence;

/**
 * Something that is not as it was sealed.
 *
 * @param file name in the folder of the recording
 * @param from first byte it is about
 * @param to the byte behind the last one; equal to {@code from} where bytes are missing
 * @param what one sentence
 */
public record Finding(String file, long from, long to, String what) {

  @Override
  public String toString() {
    return file
        + (to > from ? " bytes " + from + "–" + (to - 1) : " at byte " + from)
        + ": "
        + what;
  }
}
