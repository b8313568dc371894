package parley.relay.call;

import org.jspecify.annotations.Nullable;

/** Which way media flows, as the one who wrote it sees it (RFC 8866 §6.7). */
enum SdpDirection {
  SENDRECV("sendrecv"),
  SENDONLY("sendonly"),
  RECVONLY("recvonly"),
  INACTIVE("inactive");

  final String text;

  SdpDirection(String text) {
    this.text = text;
  }

  boolean sends() {
    return this == SENDRECV || this == SENDONLY;
  }

  boolean receives() {
    return this == SENDRECV || this == RECVONLY;
  }

  /** The same flow as the other end sees it (RFC 3264 §6.1). */
  SdpDirection mirrored() {
    return switch (this) {
      case SENDONLY -> RECVONLY;
      case RECVONLY -> SENDONLY;
      case SENDRECV, INACTIVE -> this;
    };
  }

  static SdpDirection of(boolean sends, boolean receives) {
    if (sends) {
      return receives ? SENDRECV : SENDONLY;
    }
    return receives ? RECVONLY : INACTIVE;
  }

  static @Nullable SdpDirection tryParse(String text) {
    for (SdpDirection direction : values()) {
      if (direction.text.equals(text)) {
        return direction;
      }
    }
    return null;
  }
}
