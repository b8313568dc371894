package parley.relay.turn;

import static parley.relay.turn.Bytes.padded;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes one message at a time into a buffer that is reused. */
final class StunWriter {

  /** An answer has some 200 bytes; realm and nonce, which are ours, cannot make it longer. */
  private static final int CAPACITY_BYTES = 1200;

  private final byte[] data = new byte[CAPACITY_BYTES];
  private final Integrity integrity;
  private int length;

  StunWriter(Integrity integrity) {
    this.integrity = integrity;
  }

  /** Begins the answer to a request. */
  StunWriter answer(StunReader request, int messageClass) {
    Bytes.put16(data, 0, request.method() | messageClass);
    Bytes.put32(data, 4, StunReader.MAGIC_COOKIE);
    System.arraycopy(
        request.data(), request.transactionAt(), data, 8, StunReader.TRANSACTION_ID_BYTES);
    length = StunReader.HEADER_BYTES;
    return this;
  }

  StunWriter error(StunError error) {
    byte[] reason = error.reason().getBytes(StandardCharsets.UTF_8);
    int at = begin(StunAttribute.ERROR_CODE, 4 + reason.length);
    Bytes.put16(data, at, 0);
    data[at + 2] = (byte) (error.code() / 100);
    data[at + 3] = (byte) (error.code() % 100);
    System.arraycopy(reason, 0, data, at + 4, reason.length);
    return this;
  }

  /** Why one of two families could not be had (RFC 8656 §18.12). */
  StunWriter addressError(int family, StunError error) {
    byte[] reason = error.reason().getBytes(StandardCharsets.UTF_8);
    int at = begin(StunAttribute.ADDRESS_ERROR_CODE, 4 + reason.length);
    data[at] = (byte) family;
    data[at + 1] = 0;
    data[at + 2] = (byte) (error.code() / 100);
    data[at + 3] = (byte) (error.code() % 100);
    System.arraycopy(reason, 0, data, at + 4, reason.length);
    return this;
  }

  StunWriter number(int attribute, int value) {
    Bytes.put32(data, begin(attribute, 4), value);
    return this;
  }

  StunWriter text(int attribute, String value) {
    return bytes(attribute, value.getBytes(StandardCharsets.UTF_8));
  }

  StunWriter bytes(int attribute, byte[] value) {
    System.arraycopy(value, 0, data, begin(attribute, value.length), value.length);
    return this;
  }

  StunWriter unknown(int[] attributes) {
    int at = begin(StunAttribute.UNKNOWN_ATTRIBUTES, 2 * attributes.length);
    for (int i = 0; i < attributes.length; i++) {
      Bytes.put16(data, at + 2 * i, attributes[i]);
    }
    return this;
  }

  /** RFC 8489 §14.2. */
  StunWriter xorAddress(int attribute, InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    int at = begin(attribute, 4 + ip.length);
    data[at] = 0;
    data[at + 1] = (byte) (ip.length == 4 ? IpAddress.IPV4_FAMILY : IpAddress.IPV6_FAMILY);
    Bytes.put16(data, at + 2, address.getPort() ^ StunReader.MAGIC_COOKIE >>> 16);
    for (int i = 0; i < ip.length; i++) {
      data[at + 4 + i] = (byte) (ip[i] ^ data[4 + i]); // cookie, then transaction id
    }
    return this;
  }

  /**
   * Ends the message.
   *
   * @param key null: without integrity
   * @param strong whether with SHA-256, as the request was
   */
  StunWriter seal(byte @Nullable [] key, boolean strong, boolean fingerprint) {
    if (key != null) {
      int valueBytes = strong ? StunReader.HMAC_SHA256_BYTES : StunReader.HMAC_SHA1_BYTES;
      byte[] code = integrity.compute(strong, key, data, 0, length, valueBytes);
      bytes(
          strong ? StunAttribute.MESSAGE_INTEGRITY_SHA256 : StunAttribute.MESSAGE_INTEGRITY, code);
    }
    if (fingerprint) {
      int before = length;
      int at = begin(StunAttribute.FINGERPRINT, 4);
      putLength();
      Bytes.put32(data, at, integrity.fingerprint(data, 0, before));
    }
    putLength();
    return this;
  }

  private void putLength() {
    Bytes.put16(data, 2, length - StunReader.HEADER_BYTES);
  }

  byte[] data() {
    return data;
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(data, length);
  }

  private int begin(int attribute, int valueBytes) {
    Bytes.put16(data, length, attribute);
    Bytes.put16(data, length + 2, valueBytes);
    int at = length + StunReader.ATTRIBUTE_HEADER_BYTES;
    length = at + padded(valueBytes);
    Arrays.fill(data, at + valueBytes, length, (byte) 0);
    return at;
  }
}
