package parley.relay.stun;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** STUN messages (RFC 8489) in and out of bytes. Stateless: one codec serves every media loop. */
public interface StunCodec {

  /** The message in these bytes, or null if they are not one. Never throws. */
  @Nullable StunMessage tryParse(byte[] data, int offset, int length);

  /**
   * Whether MESSAGE-INTEGRITY is present and was made with this short-term password, and
   * FINGERPRINT, where present, is right. Compares in constant time; never throws.
   */
  boolean verify(StunMessage message, String password);

  /**
   * Success with XOR-MAPPED-ADDRESS, MESSAGE-INTEGRITY and FINGERPRINT.
   *
   * @param password null for a client that only asks what its address is (RFC 8489 §12): the answer
   *     then carries no MESSAGE-INTEGRITY
   */
  byte[] bindingSuccess(StunMessage request, InetSocketAddress mapped, @Nullable String password);

  /**
   * Error response with FINGERPRINT.
   *
   * @param code 300 to 699
   * @param password null where the request could not be authenticated (RFC 8489 §9.1.3): the answer
   *     then carries no MESSAGE-INTEGRITY
   */
  byte[] bindingError(StunMessage request, int code, String reason, @Nullable String password);
}
