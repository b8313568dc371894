package parley.relay.rtp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The codecs a client may use. */
public enum AudioCodec {
  OPUS("opus/48000/2", 48_000),
  /** G.711 as in Europe's telephone networks. */
  PCMA("PCMA/8000", 8_000),
  /** G.711 as in America's and Japan's. */
  PCMU("PCMU/8000", 8_000);

  /** As in an SDP rtpmap. */
  public final String encoding;

  /** Of its RTP timestamps. */
  public final int clockHz;

  AudioCodec(String encoding, int clockHz) {
    this.encoding = encoding;
    this.clockHz = clockHz;
  }

  /** Ticks of its clock in 20 ms. */
  public int frameTicks() {
    return clockHz / 50;
  }

  /** What an rtpmap names; null: nothing that is spoken here. */
  public static @Nullable AudioCodec ofEncoding(String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "opus/48000/2", "opus/48000" -> OPUS;
      case "pcma/8000", "pcma/8000/1" -> PCMA;
      case "pcmu/8000", "pcmu/8000/1" -> PCMU;
      default -> null;
    };
  }

  /** What a payload type means without any rtpmap (RFC 3551 §6); null: nothing spoken here. */
  public static @Nullable AudioCodec ofStaticType(int payloadType) {
    return switch (payloadType) {
      case 0 -> PCMU;
      case 8 -> PCMA;
      default -> null;
    };
  }
}
