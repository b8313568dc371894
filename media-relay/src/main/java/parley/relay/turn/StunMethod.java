package parley.relay.turn;

/** Methods and classes of STUN messages (RFC 8489 §5, RFC 8656 §17); all methods are below 16. */
final class StunMethod {

  static final int BINDING = 0x001;
  static final int ALLOCATE = 0x003;
  static final int REFRESH = 0x004;
  static final int SEND = 0x006;
  static final int DATA = 0x007;
  static final int CREATE_PERMISSION = 0x008;
  static final int CHANNEL_BIND = 0x009;

  static final int INDICATION = 0x0010;
  static final int SUCCESS = 0x0100;
  static final int ERROR = 0x0110;

  private StunMethod() {}
}
