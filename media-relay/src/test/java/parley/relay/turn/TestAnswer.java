package parley.relay.turn;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What a server answered, taken apart. */
final class TestAnswer {

  private final byte[] bytes;
  private final StunReader reader = new StunReader();

  TestAnswer(byte[] bytes) {
    this.bytes = bytes;
    if (!reader.wrap(bytes, 0, bytes.length)) {
      throw new AssertionError("no STUN message");
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int type() {
    return reader.type();
  }

  /** 0: a success. */
  int error() {
    int at = reader.find(0x0009);
    return at < 0 ? 0 : bytes[at + 2] * 100 + bytes[at + 3];
  }

  boolean has(int attribute) {
    return reader.has(attribute);
  }

  String text(int attribute) {
    String text = reader.text(attribute);
    if (text == null) {
      throw new AssertionError("no attribute " + Integer.toHexString(attribute));
    }
    return text;
  }

  byte[] value(int attribute) {
    byte[] value = reader.bytes(attribute);
    if (value == null) {
      throw new AssertionError("no attribute " + Integer.toHexString(attribute));
    }
    return value;
  }

  int lifetime() {
    return Bytes.int32(value(0x000D), 0);
  }

  InetSocketAddress relayed() {
    return addresses(0x0016).getFirst();
  }

  List<InetSocketAddress> addresses(int attribute) {
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

  boolean isSealedWith(byte[] key) {
    return reader.hasIntegrity() && new Integrity().verify(reader, key);
  }

  boolean isStrong() {
    return reader.sha256At() >= 0;
  }

  boolean hasRightFingerprint() {
    return reader.fingerprintAt() >= 0 && new Integrity().isFingerprintRight(reader);
  }

  boolean isOf(TestMessage request) {
    return reader.isOfTransaction(request.transactionId());
  }
}
