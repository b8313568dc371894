package parley.relay.srtp;

import java.util.Arrays;

/**
 * One packet in a byte array that is reused: the currency of the data path. Protecting grows it in
 * place, unprotecting shrinks it.
 */
public final class PacketBuffer {

  /**
   * Ethernet's 1500 bytes, room for what protection adds (SRTP tag, SRTCP index), and head room;
   * nothing a WebRTC client sends as audio comes near it.
   */
  public static final int CAPACITY_BYTES = 2048;

  public final byte[] data;
  public int offset;
  public int length;

  public PacketBuffer() {
    this.data = new byte[CAPACITY_BYTES];
  }

  /** Takes over a copy of the given bytes, at offset 0. */
  public PacketBuffer set(byte[] source, int from, int lengthBytes) {
    System.arraycopy(source, from, data, 0, lengthBytes);
    offset = 0;
    length = lengthBytes;
    return this;
  }

  /** How many bytes the packet may still grow by. */
  public int tailroom() {
    return data.length - offset - length;
  }

  public byte[] toBytes() {
    return Arrays.copyOfRange(data, offset, offset + length);
  }
}
