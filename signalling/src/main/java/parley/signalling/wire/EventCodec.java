package parley.signalling.wire;

import org.jspecify.annotations.Nullable;

/** placeholder */
public final class EventCodec {
  /** Largest frame of a client, in bytes. */
  public static final int MAX_FRAME_BYTES = 256 * 1024;

  /** Decodes a text frame; never throws. */
  public Decoded decode(String text) {
    throw new UnsupportedOperationException(text);
  }

  /** Decodes a binary frame, which is UTF-8 JSON as well; never throws. */
  public Decoded decode(byte[] utf8) {
    throw new UnsupportedOperationException("" + utf8.length);
  }

  /** Encodes an event that needs no confirmation. */
  public String encode(ServerEvent event) {
    return encode(event, null);
  }

  /**
   * Encodes an event.
   *
   * @param confirmId what the client shall confirm with; null: nothing
   */
  public String encode(ServerEvent event, @Nullable String confirmId) {
    throw new UnsupportedOperationException(event.name() + confirmId);
  }
}
