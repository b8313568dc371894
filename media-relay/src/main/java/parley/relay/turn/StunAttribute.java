package parley.relay.turn;

/** Attribute types (RFC 8489 §18.3, RFC 8656 §18, RFC 8016 §4.1). */
final class StunAttribute {

  static final int MAPPED_ADDRESS = 0x0001;
  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int UNKNOWN_ATTRIBUTES = 0x000A;
  static final int CHANNEL_NUMBER = 0x000C;
  static final int LIFETIME = 0x000D;
  static final int XOR_PEER_ADDRESS = 0x0012;
  static final int DATA = 0x0013;
  static final int REALM = 0x0014;
  static final int NONCE = 0x0015;
  static final int XOR_RELAYED_ADDRESS = 0x0016;
  static final int REQUESTED_ADDRESS_FAMILY = 0x0017;
  static final int EVEN_PORT = 0x0018;
  static final int REQUESTED_TRANSPORT = 0x0019;
  static final int DONT_FRAGMENT = 0x001A;
  static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
  static final int PASSWORD_ALGORITHM = 0x001D;
  static final int USERHASH = 0x001E;
  static final int XOR_MAPPED_ADDRESS = 0x0020;
  static final int RESERVATION_TOKEN = 0x0022;
  static final int ADDITIONAL_ADDRESS_FAMILY = 0x8000;
  static final int ADDRESS_ERROR_CODE = 0x8001;
  static final int PASSWORD_ALGORITHMS = 0x8002;
  static final int FINGERPRINT = 0x8028;
  static final int MOBILITY_TICKET = 0x8030;

  /** From here on an attribute may be ignored by those who do not know it (RFC 8489 §14). */
  private static final int COMPREHENSION_OPTIONAL = 0x8000;

  private StunAttribute() {}

  /** Whether a request that holds it has to be refused, since nobody here knows what it asks. */
  static boolean isUnknownRequired(int type, boolean dontFragment) {
    return type < COMPREHENSION_OPTIONAL
        && switch (type) {
          case USERNAME,
              MESSAGE_INTEGRITY,
              CHANNEL_NUMBER,
              LIFETIME,
              XOR_PEER_ADDRESS,
              DATA,
              REALM,
              NONCE,
              REQUESTED_ADDRESS_FAMILY,
              EVEN_PORT,
              REQUESTED_TRANSPORT,
              MESSAGE_INTEGRITY_SHA256,
              PASSWORD_ALGORITHM,
              USERHASH,
              RESERVATION_TOKEN ->
              false;
          // Known, and not expected in a request: ignored (RFC 8489 §6.3).
          case MAPPED_ADDRESS,
              ERROR_CODE,
              UNKNOWN_ATTRIBUTES,
              XOR_RELAYED_ADDRESS,
              XOR_MAPPED_ADDRESS ->
              false;
          // Who cannot set the bit treats the attribute as unknown (RFC 8656 §7.2).
          case DONT_FRAGMENT -> !dontFragment;
          default -> true;
        };
  }
}
