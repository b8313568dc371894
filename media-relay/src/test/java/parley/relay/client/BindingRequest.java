package parley.relay.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A connectivity check of a controlling agent (RFC 8445 §7.2.2), signed with HMAC-SHA1. */
public record BindingRequest(
    byte[] transactionId, String username, String password, boolean nominate, long tieBreaker) {

  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int USERNAME = 0x0006;
  private static final int MESSAGE_INTEGRITY = 0x0008;
  private static final int PRIORITY = 0x0024;
  private static final int USE_CANDIDATE = 0x0025;
  private static final int FINGERPRINT = 0x8028;
  private static final int ICE_CONTROLLING = 0x802A;
  private static final int PEER_REFLEXIVE_PRIORITY = 110 << 24 | 65_535 << 8 | 255;
  private static final int FINGERPRINT_XOR = 0x5354554e;

  public byte[] encode() {
    byte[] name = username.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(512);
    out.putShort((short) 1).putShort((short) 0).putInt(MAGIC_COOKIE).put(transactionId);
    attribute(out, USERNAME, name);
    attribute(out, PRIORITY, ByteBuffer.allocate(4).putInt(PEER_REFLEXIVE_PRIORITY).array());
    attribute(out, ICE_CONTROLLING, ByteBuffer.allocate(8).putLong(tieBreaker).array());
    if (nominate) {
      attribute(out, USE_CANDIDATE, new byte[0]);
    }
    // Both digests cover the header with the length as if they ended the message (RFC 8489 §14.5).
    setLength(out, out.position() + 24);
    attribute(out, MESSAGE_INTEGRITY, hmac(Arrays.copyOf(out.array(), out.position())));
    setLength(out, out.position() + 8);
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, out.position());
    attribute(
        out,
        FINGERPRINT,
        ByteBuffer.allocate(4).putInt((int) crc.getValue() ^ FINGERPRINT_XOR).array());
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void setLength(ByteBuffer out, int totalBytes) {
    out.putShort(2, (short) (totalBytes - 20));
  }

  private static void attribute(ByteBuffer out, int type, byte[] value) {
    out.putShort((short) type).putShort((short) value.length).put(value);
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
  }

  private byte[] hmac(byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
