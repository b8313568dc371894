package parley.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * TURN messages as a client writes and reads them (RFC 8489, RFC 8656), one at a time in one
 * buffer. IPv4, long-term credentials.
 */
public final class TurnMessage {

  public static final int ALLOCATE = 0x0003;
  public static final int REFRESH = 0x0004;
  public static final int CREATE_PERMISSION = 0x0008;
  public static final int CHANNEL_BIND = 0x0009;
  public static final int SEND_INDICATION = 0x0016;
  public static final int DATA_INDICATION = 0x0017;

  public static final int SUCCESS = 0x0100;
  public static final int ERROR = 0x0110;
  public static final int CLASS_BITS = 0x0110;

  public static final int USERNAME = 0x0006;
  public static final int INTEGRITY = 0x0008;
  public static final int ERROR_CODE = 0x0009;
  public static final int CHANNEL_NUMBER = 0x000C;
  public static final int LIFETIME = 0x000D;
  public static final int XOR_PEER_ADDRESS = 0x0012;
  public static final int DATA = 0x0013;
  public static final int REALM = 0x0014;
  public static final int NONCE = 0x0015;
  public static final int XOR_RELAYED_ADDRESS = 0x0016;
  public static final int REQUESTED_TRANSPORT = 0x0019;

  public static final int BINDING = 0x0001;
  public static final int XOR_MAPPED_ADDRESS = 0x0020;

  public static final int HEADER_BYTES = 20;
  private static final int COOKIE = 0x2112A442;
  private static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int HMAC_BYTES = 20;
  private static final int TRANSACTION_AT = 12;

  /** Longer than any request of ours. */
  private static final int MOST_BYTES = 1024;

  private final byte[] userName;
  private final byte[] realm;
  private final Mac mac;
  private final byte[] bytes = new byte[MOST_BYTES];
  private int length;

  public TurnMessage(String user, String realm, String password) {
    this(user, realm.getBytes(StandardCharsets.UTF_8), password);
  }

  /**
   * @param realm as the server names it
   */
  public TurnMessage(String user, byte[] realm, String password) {
    this.userName = user.getBytes(StandardCharsets.UTF_8);
    this.realm = realm.clone();
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update((user + ":").getBytes(StandardCharsets.UTF_8));
      md5.update(realm);
      byte[] key = md5.digest((":" + password).getBytes(StandardCharsets.UTF_8));
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has MD5 and HmacSHA1", e);
    }
  }

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /**
   * @param transaction tells whose request it is, and which
   */
  public TurnMessage begin(int type, long transaction) {
    put16(0, type);
    put16(2, 0);
    put32(4, COOKIE);
    put32(8, COOKIE);
    put32(TRANSACTION_AT, (int) (transaction >>> 32));
    put32(TRANSACTION_AT + 4, (int) transaction);
    length = HEADER_BYTES;
    return this;
  }

  public TurnMessage add(int type, byte[] value) {
    put16(length, type);
    put16(length + 2, value.length);
    System.arraycopy(value, 0, bytes, length + ATTRIBUTE_HEADER_BYTES, value.length);
    int end = length + ATTRIBUTE_HEADER_BYTES + value.length;
    length = (end + 3) & ~3;
    Arrays.fill(bytes, end, length, (byte) 0);
    put16(2, length - HEADER_BYTES);
    return this;
  }

  public TurnMessage addNumber(int type, int value) {
    return add(
        type,
        new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
  }

  public TurnMessage addPeer(InetSocketAddress peer) {
    return addAddress(XOR_PEER_ADDRESS, peer);
  }

  /** An IPv4 one, as a number. */
  public TurnMessage addPeer(int address, int port) {
    return addAddress(XOR_PEER_ADDRESS, address, port);
  }

  /** XORed with the cookie, and if it is IPv6 with the transaction id as well. */
  public TurnMessage addAddress(int type, InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    if (ip.length == 4) {
      return addAddress(type, ByteBuffer.wrap(ip).getInt(), address.getPort());
    }
    for (int i = 0; i < ip.length; i++) {
      ip[i] ^= bytes[4 + i];
    }
    byte[] value =
        ByteBuffer.allocate(4 + ip.length)
            .putShort((short) 2)
            .putShort((short) (address.getPort() ^ COOKIE >>> 16))
            .put(ip)
            .array();
    return add(type, value);
  }

  private TurnMessage addAddress(int type, int address, int port) {
    byte[] value =
        ByteBuffer.allocate(8)
            .putShort((short) 1)
            .putShort((short) (port ^ COOKIE >>> 16))
            .putInt(address ^ COOKIE)
            .array();
    return add(type, value);
  }

  public TurnMessage protect(byte[] nonce) {
    add(USERNAME, userName);
    add(REALM, realm);
    add(NONCE, nonce);
    put16(2, length - HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + HMAC_BYTES);
    mac.update(bytes, 0, length);
    return add(INTEGRITY, mac.doFinal());
  }

  private void put16(int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  private void put32(int at, int value) {
    put16(at, value >> 16);
    put16(at + 2, value);
  }

  public static int type(byte[] data) {
    return int16(data, 0);
  }

  public static long transaction(byte[] data) {
    return (long) int32(data, TRANSACTION_AT) << 32
        | (int32(data, TRANSACTION_AT + 4) & 0xFFFF_FFFFL);
  }

  /** Where an attribute's value begins; −1: it is not there. */
  public static int find(int type, byte[] data, int lengthBytes) {
    int at = HEADER_BYTES;
    while (at + ATTRIBUTE_HEADER_BYTES <= lengthBytes) {
      if (int16(data, at) == type) {
        return at + ATTRIBUTE_HEADER_BYTES;
      }
      at += ATTRIBUTE_HEADER_BYTES + ((int16(data, at + 2) + 3) & ~3);
    }
    return -1;
  }

  /** How long the value is that begins there. */
  public static int lengthAt(byte[] data, int valueAt) {
    return int16(data, valueAt - 2);
  }

  /** An attribute's value; null: it is not there. */
  public static byte @Nullable [] value(int type, byte[] data) {
    int at = find(type, data, data.length);
    return at < 0 || at + lengthAt(data, at) > data.length
        ? null
        : Arrays.copyOfRange(data, at, at + lengthAt(data, at));
  }

  /** An IPv4 address that is XORed with the cookie; null: there is none. */
  public static @Nullable InetSocketAddress address(int type, byte[] data) {
    int at = find(type, data, data.length);
    if (at < 0 || at + 8 > data.length || data[at + 1] != 1) {
      return null;
    }
    byte[] ip = ByteBuffer.allocate(4).putInt(int32(data, at + 4) ^ COOKIE).array();
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), portAt(data, at));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 bytes are always an address", e);
    }
  }

  /** The port of an address that is XORed with the cookie. */
  public static int portAt(byte[] data, int valueAt) {
    return int16(data, valueAt + 2) ^ COOKIE >>> 16;
  }

  /** Of an answer that is an error; 0: it says none. */
  public static int errorCode(byte[] data, int lengthBytes) {
    int at = find(ERROR_CODE, data, lengthBytes);
    return at < 0 ? 0 : (data[at + 2] & 7) * 100 + data[at + 3];
  }

  public static int int16(byte[] data, int at) {
    return (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
  }

  private static int int32(byte[] data, int at) {
    return int16(data, at) << 16 | int16(data, at + 2);
  }
}
