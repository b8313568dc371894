package parley.relay.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.ice4j.StunException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.IceControlAttribute;
import org.ice4j.attribute.PriorityAttribute;
import org.ice4j.attribute.UsernameAttribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * STUN on ice4j's messages and attributes, without its stack: no socket, no thread, no
 * configuration. ice4j's decoder throws unchecked exceptions on garbage, so it sees only messages
 * whose shape {@link StunFrame} has checked, and only up to MESSAGE-INTEGRITY; what it throws even
 * so ends here.
 */
public final class Ice4jStunCodec implements StunCodec {

  private static final int UNKNOWN_ATTRIBUTE = 420;

  @Override
  public @Nullable StunMessage tryParse(byte[] data, int offset, int length) {
    StunFrame frame = StunFrame.tryWrap(data, offset, length);
    if (frame == null) {
      return null;
    }
    byte[] raw = Arrays.copyOfRange(data, offset, offset + length);
    byte[] signed = Arrays.copyOf(raw, frame.signedLength());
    StunIntegrity.putLength(signed, signed.length);
    try {
      return toMessage(frame, Message.decode(signed, 0, signed.length), raw);
    } catch (StunException | RuntimeException e) {
      return null; // an attribute's value makes no sense
    }
  }

  private static StunMessage toMessage(StunFrame frame, Message decoded, byte[] raw) {
    int type = frame.type();
    Attribute username = decoded.getAttribute(Attribute.USERNAME);
    Attribute priority = decoded.getAttribute(Attribute.PRIORITY);
    return new StunMessage(
        kind(type),
        method(type),
        Arrays.copyOfRange(raw, 8, 8 + StunFrame.TRANSACTION_ID_BYTES),
        username instanceof UsernameAttribute u
            ? new String(u.getUsername(), StandardCharsets.UTF_8)
            : null,
        decoded.containsAttribute(Attribute.USE_CANDIDATE),
        priority instanceof PriorityAttribute p ? p.getPriority() : 0,
        tieBreaker(decoded.getAttribute(Attribute.ICE_CONTROLLING)),
        tieBreaker(decoded.getAttribute(Attribute.ICE_CONTROLLED)),
        frame.unknownRequired(),
        frame.integrityOffset(),
        frame.fingerprintOffset(),
        raw);
  }

  /** The two class bits lie between the method's bits (RFC 8489 §5, figure 3). */
  private static StunMessage.Kind kind(int type) {
    return switch (type & 0x0110) {
      case 0x0000 -> StunMessage.Kind.REQUEST;
      case 0x0010 -> StunMessage.Kind.INDICATION;
      case 0x0100 -> StunMessage.Kind.SUCCESS;
      default -> StunMessage.Kind.ERROR;
    };
  }

  private static int method(int type) {
    return (type & 0x000F) | (type & 0x00E0) >> 1 | (type & 0x3E00) >> 2;
  }

  private static @Nullable Long tieBreaker(@Nullable Attribute attribute) {
    return attribute instanceof IceControlAttribute control ? control.getTieBreaker() : null;
  }

  @Override
  public boolean verify(StunMessage message, String password) {
    if (!message.hasIntegrity() || password.isEmpty()) {
      return false;
    }
    byte[] raw = message.raw();
    int fingerprintAt = message.fingerprintOffset();
    if (fingerprintAt >= 0
        && StunFrame.int32(raw, fingerprintAt + StunFrame.ATTRIBUTE_HEADER_BYTES)
            != StunIntegrity.fingerprint(raw, fingerprintAt)) {
      return false;
    }
    int valueAt = message.integrityOffset() + StunFrame.ATTRIBUTE_HEADER_BYTES;
    byte[] received = Arrays.copyOfRange(raw, valueAt, valueAt + StunFrame.HMAC_SHA1_BYTES);
    return MessageDigest.isEqual(
        received, StunIntegrity.hmac(raw, message.integrityOffset(), password));
  }

  @Override
  public byte[] bindingSuccess(
      StunMessage request, InetSocketAddress mapped, @Nullable String password) {
    Attribute address =
        AttributeFactory.createXorMappedAddressAttribute(
            new TransportAddress(mapped, Transport.UDP), request.transactionId());
    byte[] message = write(Message.BINDING_SUCCESS_RESPONSE, request, address.encode());
    return seal(message, password);
  }

  @Override
  public byte[] bindingError(
      StunMessage request, int code, String reason, @Nullable String password) {
    byte[] error = AttributeFactory.createErrorCodeAttribute((char) code, reason).encode();
    byte[] message =
        code == UNKNOWN_ATTRIBUTE
            ? write(Message.BINDING_ERROR_RESPONSE, request, error, unknownAttributes(request))
            : write(Message.BINDING_ERROR_RESPONSE, request, error);
    return seal(message, password);
  }

  private static byte[] seal(byte[] message, @Nullable String password) {
    return StunIntegrity.seal(password == null ? message : StunIntegrity.sign(message, password));
  }

  /** UNKNOWN-ATTRIBUTES (RFC 8489 §14.13); ice4j's repeats a type to fill up, as RFC 3489 did. */
  private static byte[] unknownAttributes(StunMessage request) {
    int valueBytes = 2 * request.unknownRequired().size();
    ByteBuffer attribute = ByteBuffer.allocate(StunFrame.ATTRIBUTE_HEADER_BYTES + valueBytes);
    attribute.putShort((short) Attribute.UNKNOWN_ATTRIBUTES).putShort((short) valueBytes);
    request.unknownRequired().forEach(type -> attribute.putShort(type.shortValue()));
    return attribute.array();
  }

  /**
   * The message without integrity. ice4j's own {@code Message.encode} would read the Jitsi
   * configuration to see whether to name its software.
   */
  private static byte[] write(char type, StunMessage request, byte[]... attributes) {
    int bytes = StunFrame.HEADER_BYTES;
    for (byte[] attribute : attributes) {
      bytes += StunFrame.padded(attribute.length);
    }
    ByteBuffer message = ByteBuffer.allocate(bytes);
    message.putShort((short) type).putShort((short) (bytes - StunFrame.HEADER_BYTES));
    message.putInt(StunFrame.MAGIC_COOKIE).put(request.transactionId());
    for (byte[] attribute : attributes) {
      message.put(attribute).position(StunFrame.padded(message.position()));
    }
    return message.array();
  }
}
