package parley.relay.api;

import java.util.Locale;

/**
 * Why a participant cannot hear or be heard, or does so badly; the first that holds is told, so the
 * order is the order of importance. The names are stable: programs may rely on {@link #label}.
 */
public enum Fault {
  /** The offer was refused: there is no connection at all. */
  OFFER_REFUSED(Effect.NEITHER),
  /** No connectivity check has ever come. */
  NO_ICE(Effect.NEITHER),
  /** Checks and media ceased (RFC 7675), and the connection was given up. */
  CONSENT_LOST(Effect.NEITHER),
  /** The client's certificate is not the one of its SDP. */
  WRONG_FINGERPRINT(Effect.NEITHER),
  /** The DTLS handshake ended without keys: an alert, no common SRTP profile. */
  HANDSHAKE_FAILED(Effect.NEITHER),
  /** Connectivity checks come, and nothing follows: their answers do not arrive. */
  ANSWERS_LOST(Effect.NEITHER),
  /** The DTLS handshake has begun and does not finish. */
  HANDSHAKE_STUCK(Effect.NEITHER),
  /** The client ended DTLS, and has neither left nor offered again. */
  CLOSED_BY_CLIENT(Effect.NEITHER),
  /** Nothing comes any more, neither media nor connectivity checks; he may still hear. */
  NOTHING_ARRIVES(Effect.UNHEARD),
  /** All SRTP that comes fails its authentication; he may still hear. */
  WRONG_KEYS(Effect.UNHEARD),
  /** The audio that comes is in a codec that was not agreed upon. */
  WRONG_CODEC(Effect.UNHEARD),
  /** The audio that comes is refused for another reason: its size, its SSRC, its rate. */
  AUDIO_REFUSED(Effect.UNHEARD),
  /** What is sent to the client does not arrive there. */
  BLOCKED_DOWN(Effect.DEAF),
  /** The offer has no section in which the client receives. */
  NO_RECEIVING_SECTION(Effect.DEAF),
  /** Connected and unmuted, but no audio comes. */
  NO_AUDIO(Effect.UNHEARD),
  /** The audio is digital silence. */
  SILENT_MICROPHONE(Effect.UNHEARD),
  /** The stream's clock jumped against ours. */
  CLOCK_JUMP(Effect.HEARD_BADLY),
  /** Many packets from the client are lost. */
  LOSS_UP(Effect.HEARD_BADLY),
  /** Many packets to the client are lost. */
  LOSS_DOWN(Effect.HEARS_BADLY),
  /** Packets from the client come at very uneven times. */
  JITTER_UP(Effect.HEARD_BADLY),
  /** Packets to the client come at very uneven times. */
  JITTER_DOWN(Effect.HEARS_BADLY),
  /** The round trip takes so long that people talk into each other's words. */
  LONG_WAY(Effect.BOTH_BADLY),
  /** More people speak at the same time than are forwarded, and the others are louder. */
  NOT_AMONG_LOUDEST(Effect.UNHEARD),
  /** Muted, by himself or by another. */
  MUTED(Effect.UNHEARD),
  /** The offer has no section in which the client sends. */
  NO_MICROPHONE(Effect.UNHEARD),
  /** Nobody else is connected. */
  ALONE(Effect.DEAF),
  /** All the others are muted. */
  OTHERS_MUTED(Effect.DEAF),
  /** None of the others is heard, each for a reason of his own. */
  OTHERS_NOT_HEARD(Effect.DEAF),
  /** What is lost or late here was lost or late already on the way from who speaks. */
  OTHERS_HEARD_BADLY(Effect.HEARS_BADLY),
  /** Too early to tell. */
  CONNECTING(Effect.NONE),
  /** None of these. */
  NONE(Effect.NONE);

  /** What a fault means for its participant. */
  public enum Effect {
    /** Neither hears nor is heard. */
    NEITHER,
    /** Is not heard. */
    UNHEARD,
    /** Hears nobody. */
    DEAF,
    HEARD_BADLY,
    HEARS_BADLY,
    BOTH_BADLY,
    NONE;

    /** In lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Effect effect;

  Fault(Effect effect) {
    this.effect = effect;
  }

  public Effect effect() {
    return effect;
  }

  /** In lower case: {@code silent_microphone}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether that is how somebody wanted it, or how a call just is. */
  public boolean isIntended() {
    return switch (this) {
      case MUTED,
          NO_MICROPHONE,
          ALONE,
          OTHERS_MUTED,
          OTHERS_NOT_HEARD,
          OTHERS_HEARD_BADLY,
          CONNECTING,
          NONE ->
          true;
      default -> false;
    };
  }
}
