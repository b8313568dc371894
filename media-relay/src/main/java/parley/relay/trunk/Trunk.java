package parley.relay.trunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.relay.api.TrunkLine;
import parley.relay.srtp.PacketBuffer;
import parley.relay.srtp.ReplayWindow;

/**
 * One end of a line to another relay: what leaves is encrypted and numbered, what comes is genuine
 * and new. Sans-IO; owned by one media loop.
 *
 * <pre>
 * 0       1 .. 8    9 .. 16    17 ..
 * 0xC0    line id   number     AES-128-GCM of a {@link TrunkFrame}, 16 bytes of tag
 * </pre>
 *
 * The first 17 bytes are authenticated. The nonce is the number, with four zero bytes before it:
 * each key is used in one direction of one line, and no number twice.
 */
public final class Trunk {

  /** The first byte: none that another protocol on the port has (RFC 7983 §7). */
  public static final int FIRST_BYTE = 0xC0;

  /** Before what is encrypted. */
  public static final int HEADER_BYTES = 17;

  private static final int TAG_BYTES = 16;
  private static final int IV_BYTES = 12;
  private static final int ID_AT = 1;
  private static final int NUMBER_AT = 9;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long sendId;
  private final long receiveId;
  private final SecretKeySpec sendKey;
  private final SecretKeySpec receiveKey;
  private final Cipher cipher;
  private final byte[] iv = new byte[IV_BYTES];
  private final ReplayWindow window = new ReplayWindow();
  private long sent;

  public Trunk(TrunkLine line) {
    this.sendId = line.sendId();
    this.receiveId = line.receiveId();
    this.sendKey = new SecretKeySpec(line.sendKey(), "AES");
    this.receiveKey = new SecretKeySpec(line.receiveKey(), "AES");
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Whether a datagram is long enough to be one of a line's, and begins like one. */
  public static boolean isOne(PacketBuffer packet) {
    return packet.length > HEADER_BYTES + TAG_BYTES
        && (packet.data[packet.offset] & 0xFF) == FIRST_BYTE;
  }

  /** The line that a datagram says it belongs to. */
  public static long id(PacketBuffer packet) {
    return (long) LONGS.get(packet.data, packet.offset + ID_AT);
  }

  /** By which this end knows the line. */
  public long receiveId() {
    return receiveId;
  }

  /**
   * Encrypts a frame.
   *
   * @param frame stays as it is: other lines carry it as well
   * @param into becomes the datagram
   * @return false when it does not fit
   */
  public boolean seal(PacketBuffer frame, PacketBuffer into) {
    int length = HEADER_BYTES + frame.length + TAG_BYTES;
    if (length > into.data.length) {
      return false;
    }
    long number = sent++;
    into.offset = 0;
    into.length = length;
    into.data[0] = (byte) FIRST_BYTE;
    LONGS.set(into.data, ID_AT, sendId);
    LONGS.set(into.data, NUMBER_AT, number);
    try {
      start(Cipher.ENCRYPT_MODE, sendKey, number);
      cipher.updateAAD(into.data, 0, HEADER_BYTES);
      cipher.doFinal(frame.data, frame.offset, frame.length, into.data, HEADER_BYTES);
      return true;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM", e);
    }
  }

  /**
   * Decrypts a datagram of this line.
   *
   * @param packet for which {@link #isOne} holds
   * @param into becomes the frame
   * @return false: forged, or has come before, or long ago
   */
  public boolean open(PacketBuffer packet, PacketBuffer into) {
    long number = (long) LONGS.get(packet.data, packet.offset + NUMBER_AT);
    if (number < 0 || !window.admits(number)) {
      return false;
    }
    try {
      start(Cipher.DECRYPT_MODE, receiveKey, number);
      cipher.updateAAD(packet.data, packet.offset, HEADER_BYTES);
      into.offset = 0;
      into.length =
          cipher.doFinal(
              packet.data,
              packet.offset + HEADER_BYTES,
              packet.length - HEADER_BYTES,
              into.data,
              0);
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM", e);
    }
    window.mark(number);
    return true;
  }

  private void start(int mode, SecretKeySpec key, long number) throws GeneralSecurityException {
    LONGS.set(iv, IV_BYTES - Long.BYTES, number);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
  }
}
