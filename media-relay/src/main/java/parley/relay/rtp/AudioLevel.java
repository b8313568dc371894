package parley.relay.rtp;

/**
 * The client-to-mixer audio level (RFC 6464): how loud the packet is, without decoding it.
 *
 * <p>One byte: the voice activity flag, then 7 bits of level in −dBov, 0 the loudest and 127
 * digital silence.
 */
public final class AudioLevel {

  /** Its name in an SDP extmap. */
  public static final String URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

  /** −127 dBov: digital silence. */
  public static final int SILENCE = 127;

  /** What {@link #read} returns for a packet that does not say. */
  public static final int ABSENT = -1;

  private AudioLevel() {}

  /**
   * The extension's byte, unsigned, or {@link #ABSENT}.
   *
   * @param id of the extension in this client's packets; 0 when not negotiated
   */
  public static int read(RtpPacket packet, int id) {
    if (id == 0 || !packet.findExtension(id) || packet.extensionLength() == 0) {
      return ABSENT;
    }
    return NetworkOrder.unsignedByte(packet.data(), packet.extensionOffset());
  }

  /**
   * −dBov, 0–127.
   *
   * @param extensionByte what {@link #read} found
   */
  public static int level(int extensionByte) {
    return extensionByte & 0x7F;
  }

  /** Whether the sender's own detector heard a voice in it. */
  public static boolean voice(int extensionByte) {
    return (extensionByte & 0x80) != 0;
  }
}
