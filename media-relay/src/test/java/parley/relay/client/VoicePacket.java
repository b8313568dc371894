package parley.relay.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * RTP as a client sends and hears it. The payload looks like Opus and carries the speaker's name,
 * so that who is heard can be told without decoding.
 */
public record VoicePacket(
    int ssrc, int sequence, int timestamp, int payloadType, int[] csrcs, byte[] payload) {

  /** Opus TOC byte (RFC 6716 §3.1): CELT, full band, 20 ms, mono, one frame. */
  private static final byte TOC = (byte) 0xF8;

  /** As long as 20 ms of speech usually are. */
  private static final int PAYLOAD_BYTES = 80;

  private static final int AUDIO_LEVEL_ID = 1;

  static byte[] payload(String speaker) {
    byte[] payload = new byte[PAYLOAD_BYTES];
    Arrays.fill(payload, (byte) '.');
    payload[0] = TOC;
    byte[] name = speaker.getBytes(StandardCharsets.US_ASCII);
    payload[1] = (byte) name.length;
    System.arraycopy(name, 0, payload, 2, name.length);
    return payload;
  }

  /** The name in the payload; empty if there is none. */
  public String speaker() {
    if (payload.length < PAYLOAD_BYTES || payload[0] != TOC) {
      return "";
    }
    return new String(payload, 2, payload[1], StandardCharsets.US_ASCII);
  }

  /**
   * @param level -dBov, 0 loudest to 127 silent (RFC 6464)
   */
  byte[] encode(int level) {
    return ByteBuffer.allocate(12 + 8 + payload.length)
        .put((byte) 0x90)
        .put((byte) payloadType)
        .putShort((short) sequence)
        .putInt(timestamp)
        .putInt(ssrc)
        .putShort((short) 0xBEDE)
        .putShort((short) 1)
        .put((byte) (AUDIO_LEVEL_ID << 4))
        .put((byte) (level < 60 ? level | 0x80 : level))
        .putShort((short) 0)
        .put(payload)
        .array();
  }

  static @Nullable VoicePacket decode(byte[] data, int offset, int length) {
    if (length < 12) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(data, offset, length).slice();
    int first = in.get() & 0xff;
    int payloadType = in.get() & 0x7f;
    int sequence = in.getShort() & 0xffff;
    int timestamp = in.getInt();
    int ssrc = in.getInt();
    int[] csrcs = new int[first & 0x0f];
    for (int i = 0; i < csrcs.length; i++) {
      csrcs[i] = in.getInt();
    }
    if ((first & 0x10) != 0) {
      in.getShort();
      int words = in.getShort() & 0xffff;
      in.position(in.position() + 4 * words);
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new VoicePacket(ssrc, sequence, timestamp, payloadType, csrcs, payload);
  }
}
