package parley.relay.turn;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Builds STUN messages byte by byte, also wrong ones; shares no code with the server. */
public final class TestMessage {

  private final int type;
  private final byte[] transactionId = new byte[12];
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  private TestMessage(int type) {
    this.type = type;
    ThreadLocalRandom.current().nextBytes(transactionId);
  }

  public static TestMessage binding() {
    return new TestMessage(0x0001);
  }

  /** An Allocate request for UDP. */
  public static TestMessage allocate() {
    return new TestMessage(0x0003).with(0x0019, 17, 0, 0, 0);
  }

  public static TestMessage allocateWithoutTransport() {
    return new TestMessage(0x0003);
  }

  public static TestMessage refresh(int seconds) {
    return new TestMessage(0x0004).lifetime(seconds);
  }

  public static TestMessage refresh() {
    return new TestMessage(0x0004);
  }

  public static TestMessage createPermission() {
    return new TestMessage(0x0008);
  }

  public static TestMessage channelBind() {
    return new TestMessage(0x0009);
  }

  public static TestMessage channelBind(int number, InetSocketAddress peer) {
    return channelBind().channel(number).peer(peer);
  }

  public static TestMessage sendIndication() {
    return new TestMessage(0x0016);
  }

  public static TestMessage ofType(int type) {
    return new TestMessage(type);
  }

  public TestMessage with(int attribute, int... value) {
    byte[] bytes = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      bytes[i] = (byte) value[i];
    }
    return with(attribute, bytes);
  }

  public TestMessage with(int attribute, byte[] value) {
    body.write(attribute >> 8);
    body.write(attribute);
    body.write(value.length >> 8);
    body.write(value.length);
    body.writeBytes(value);
    for (int i = value.length; i % 4 != 0; i++) {
      body.write(0);
    }
    return this;
  }

  public TestMessage text(int attribute, String value) {
    return with(attribute, value.getBytes(StandardCharsets.UTF_8));
  }

  public TestMessage lifetime(int seconds) {
    return with(0x000D, seconds >> 24, seconds >> 16, seconds >> 8, seconds);
  }

  public TestMessage channel(int number) {
    return with(0x000C, number >> 8, number, 0, 0);
  }

  public TestMessage family(int family) {
    return with(0x0017, family, 0, 0, 0);
  }

  public TestMessage alsoIpv6() {
    return with(0x8000, 2, 0, 0, 0);
  }

  public TestMessage evenPort(boolean reserveNext) {
    return with(0x0018, reserveNext ? 0x80 : 0);
  }

  public TestMessage dontFragment() {
    return with(0x001A, new byte[0]);
  }

  public TestMessage data(byte[] data) {
    return with(0x0013, data);
  }

  public TestMessage ticket(byte[] ticket) {
    return with(0x8030, ticket);
  }

  public TestMessage peer(InetSocketAddress peer) {
    return peer(peer.getAddress().getAddress(), peer.getPort());
  }

  /** Also addresses that the JDK would not leave as they are. */
  public TestMessage peer(byte[] ip, int port) {
    byte[] key = new byte[16];
    System.arraycopy(new byte[] {0x21, 0x12, (byte) 0xA4, 0x42}, 0, key, 0, 4);
    System.arraycopy(transactionId, 0, key, 4, 12);
    byte[] value = new byte[4 + ip.length];
    value[1] = (byte) (ip.length == 4 ? 1 : 2);
    value[2] = (byte) (port >> 8 ^ 0x21);
    value[3] = (byte) (port ^ 0x12);
    for (int i = 0; i < ip.length; i++) {
      value[4 + i] = (byte) (ip[i] ^ key[i]);
    }
    return with(0x0012, value);
  }

  /** MESSAGE-INTEGRITY, or its SHA-256 form. */
  public TestMessage integrity(byte[] key, boolean sha256) {
    int length = sha256 ? 32 : 20;
    try {
      Mac mac = Mac.getInstance(sha256 ? "HmacSHA256" : "HmacSHA1");
      mac.init(new SecretKeySpec(key, "HMAC"));
      byte[] code = mac.doFinal(bytes(4 + length));
      return with(sha256 ? 0x001C : 0x0008, code);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public static byte[] key(String algorithm, String user, String realm, String password) {
    try {
      return MessageDigest.getInstance(algorithm)
          .digest((user + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public byte[] transactionId() {
    return transactionId;
  }

  public byte[] bytes() {
    return bytes(0);
  }

  private byte[] bytes(int moreBytes) {
    var out = new ByteArrayOutputStream();
    int length = body.size() + moreBytes;
    out.write(type >> 8);
    out.write(type);
    out.write(length >> 8);
    out.write(length);
    out.writeBytes(new byte[] {0x21, 0x12, (byte) 0xA4, 0x42});
    out.writeBytes(transactionId);
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }
}
