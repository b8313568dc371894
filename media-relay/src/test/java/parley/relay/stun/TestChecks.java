package parley.relay.stun;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes STUN messages as a full agent would send them, attribute by attribute. */
public final class TestChecks {

  private final int type;
  private final byte[] transactionId;
  private final ByteArrayOutputStream attributes = new ByteArrayOutputStream();

  private TestChecks(int type, byte[] transactionId) {
    this.type = type;
    this.transactionId = transactionId;
  }

  public static TestChecks bindingRequest() {
    return new TestChecks(0x0001, "0123456789ab".getBytes(StandardCharsets.US_ASCII));
  }

  public static TestChecks message(int type) {
    return new TestChecks(type, "0123456789ab".getBytes(StandardCharsets.US_ASCII));
  }

  public TestChecks username(String username) {
    return attribute(StunFrame.USERNAME, username.getBytes(StandardCharsets.UTF_8));
  }

  public TestChecks priority(int priority) {
    return attribute(StunFrame.PRIORITY, ByteBuffer.allocate(4).putInt(priority).array());
  }

  public TestChecks controlling(long tieBreaker) {
    return attribute(StunFrame.ICE_CONTROLLING, ByteBuffer.allocate(8).putLong(tieBreaker).array());
  }

  public TestChecks controlled(long tieBreaker) {
    return attribute(StunFrame.ICE_CONTROLLED, ByteBuffer.allocate(8).putLong(tieBreaker).array());
  }

  public TestChecks useCandidate() {
    return attribute(StunFrame.USE_CANDIDATE, new byte[0]);
  }

  public TestChecks attribute(int attributeType, byte[] value) {
    byte[] padded =
        ByteBuffer.allocate(4 + (value.length + 3) / 4 * 4)
            .putShort((short) attributeType)
            .putShort((short) value.length)
            .put(value)
            .array();
    attributes.writeBytes(padded);
    return this;
  }

  public byte[] unsigned() {
    byte[] body = attributes.toByteArray();
    return ByteBuffer.allocate(20 + body.length)
        .putShort((short) type)
        .putShort((short) body.length)
        .putInt(StunFrame.MAGIC_COOKIE)
        .put(transactionId)
        .put(body)
        .array();
  }

  public byte[] signed(String password) {
    return StunIntegrity.seal(StunIntegrity.sign(unsigned(), password));
  }
}
