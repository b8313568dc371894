package parley.relay.stun;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One STUN message as it was received, decoded once (RFC 8489 §5). What follows MESSAGE-INTEGRITY
 * is not covered by it and therefore not in here (RFC 8489 §14.5).
 *
 * @param method 12 bits; {@link #BINDING} is the only one ICE uses
 * @param transactionId 12 bytes
 * @param username the USERNAME attribute, {@code local:remote} in a connectivity check
 * @param priority the PRIORITY attribute, unsigned 32 bits; 0 if there was none
 * @param iceControlling the tie-breaker if the sender claims the controlling role (RFC 8445 §7.1.3)
 * @param iceControlled the tie-breaker if the sender claims the controlled role
 * @param unknownRequired comprehension-required attributes nobody here knows (RFC 8489 §6.3.1);
 *     they call for an error 420
 * @param integrityOffset where MESSAGE-INTEGRITY starts in {@code raw}, -1 without one
 * @param fingerprintOffset where FINGERPRINT starts in {@code raw}, -1 without one
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
    List<Integer> unknownRequired,
    int integrityOffset,
    int fingerprintOffset,
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
