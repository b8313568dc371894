package parley.relay.rtp;

import java.util.HexFormat;
import parley.relay.srtp.PacketBuffer;

/** Packets written by hand, field by field. */
final class Hex {

  private Hex() {}

  /** Spaces and line ends are for the reader. */
  static byte[] bytes(String fields) {
    return HexFormat.of().parseHex(fields.replaceAll("\\s+", ""));
  }

  static PacketBuffer packet(String fields) {
    byte[] bytes = bytes(fields);
    return new PacketBuffer().set(bytes, 0, bytes.length);
  }
}
