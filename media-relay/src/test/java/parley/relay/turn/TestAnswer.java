package parley.relay.turn;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What a server answered, taken apart. */
public final class TestAnswer {

  private final byte[] bytes;
  private final StunReader reader = new StunReader();

  public TestAnswer(byte[] bytes) {
    this.bytes = bytes;
    if (!reader.wrap(bytes, 0, bytes.length)) {
      throw new AssertionError("no STUN message");
    }
  }

  public byte[] bytes() {
    return bytes;
  }

  public int type() {
    return reader.type();
  }

  /** 0: a success. */
  public int error() {
    int at = reader.find(0x0009);
    return at < 0 ? 0 : bytes[at + 2] * 100 + bytes[at + 3];
  }

  public boolean has(int attribute) {
    return reader.has(attribute);
  }

  public String text(int attribute) {
    String text = reader.text(attribute);
    if (text == null) {
      throw new AssertionError("no attribute " + Integer.toHexString(attribute));
    }
    return text;
  }

  public byte[] value(int attribute) {
    byte[] value = reader.bytes(attribute);
    if (value == null) {
      throw new AssertionError("no attribute " + Integer.toHexString(attribute));
    }
    return value;
  }

  public int lifetime() {
    return Bytes.int32(value(0x000D), 0);
  }

  public InetSocketAddress relayed() {
    return addresses(0x0016).getFirst();
  }

  public List<InetSocketAddress> addresses(int attribute) {
    List<InetSocketAddress> all = new ArrayList<>();
    int at = reader.find(attribute);
    while (at >= 0) {
      if (!reader.readXorAddress(at)) {
        throw new AssertionError("no address");
      }
      all.add(new InetSocketAddress(reader.peer().toInetAddress(), reader.peerPort()));
      at = reader.findNext(attribute, at);
    }
    return all;
  }

  public boolean isSealedWith(byte[] key) {
    return reader.hasIntegrity() && new Integrity().verify(reader, key);
  }

  public boolean isStrong() {
    return reader.sha256At() >= 0;
  }

  public boolean hasRightFingerprint() {
    return reader.fingerprintAt() >= 0 && new Integrity().isFingerprintRight(reader);
  }

  public boolean isOf(TestMessage request) {
    return reader.isOfTransaction(request.transactionId());
  }
}
