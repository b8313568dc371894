package parley.relay.stun;

import org.jspecify.annotations.Nullable;

/**
 * One STUN message as it was received, decoded once (RFC 8489 §5).
 *
 * @param method 12 bits; {@link #BINDING} is the only one ICE uses
 * @param transactionId 12 bytes
 * @param username the USERNAME attribute, {@code local:remote} in a connectivity check
 * @param priority the PRIORITY attribute, unsigned 32 bits; 0 if there was none
 * @param iceControlling the tie-breaker if the sender claims the controlling role (RFC 8445 §7.1.3)
 * @param iceControlled the tie-breaker if the sender claims the controlled role
 * @param integrityOffset where MESSAGE-INTEGRITY starts in {@code raw}, -1 without one
 * @param raw the whole message, a copy: what integrity is computed over
 */
public record StunMessage(
    Kind kind,
    int method,
    byte[] transactionId,
    @Nullable String username,
    boolean useCandidate,
    long priority,
    @Nullable Long iceControlling,
    @Nullable Long iceControlled,
    int integrityOffset,
    byte[] raw) {

  public static final int BINDING = 0x001;

  public enum Kind {
    REQUEST,
    INDICATION,
    SUCCESS,
    ERROR
  }

  public boolean isBindingRequest() {
    return kind == Kind.REQUEST && method == BINDING;
  }

  public boolean hasIntegrity() {
    return integrityOffset >= 0;
  }

  /** The part of USERNAME before the colon: whom a connectivity check is for; "" if none. */
  public String localUfrag() {
    if (username == null) {
      return "";
    }
    int colon = username.indexOf(':');
    return colon < 0 ? "" : username.substring(0, colon);
  }

  /** Short: usernames and tags stay out of the log. */
  @Override
  public String toString() {
    return "StunMessage[" + kind + " method " + method + ", " + raw.length + " bytes]";
  }
}
