package parley.relay.quality;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.relay.api.Fault;

/** A fault in one sentence of plain words, and what to do about it in another. */
final class Sentences {

  /**
   * What to say of a fault.
   *
   * @param now the cause, while it lasts
   * @param then the cause, when it is over
   * @param remedy one sentence; empty: there is nothing to do
   */
  private record Text(String now, String then, String remedy) {
    Text(String now, String then) {
      this(now, then, "");
    }
  }

  /** The same effect on somebody, and on the reader. */
  private record Effect(String now, String then, String youNow, String youThen) {}

  private final Surroundings around;
  private final Particulars particulars;

  /**
   * Figures that a sentence names.
   *
   * @param stageSeconds in its stage
   * @param quietSeconds since anything came
   * @param refusal why an offer or a handshake was refused; empty
   */
  record Particulars(
      long stageSeconds,
      long quietSeconds,
      double lossPercent,
      double lossDownPercent,
      double jitterMs,
      double jitterDownMs,
      double roundTripMs,
      String refusal) {}

  Sentences(Surroundings around, Particulars particulars) {
    this.around = around;
    this.particulars = particulars;
  }

  /** The same without the name of anybody else. */
  Sentences unnamed() {
    return new Sentences(around.unnamed(), particulars);
  }

  /**
   * While it lasts.
   *
   * @param who a name; null: the reader
   */
  String now(Fault fault, @Nullable String who) {
    return switch (fault) {
      case NONE -> who == null ? "You hear and are heard." : who + " hears and is heard.";
      case CONNECTING -> who == null ? "You are being connected." : who + " is being connected.";
      default -> {
        Effect effect = effect(fault.effect());
        Text text = text(fault);
        yield who == null
            ? whole("You " + effect.youNow, yours(text.now), yours(text.remedy))
            : whole(who + " " + effect.now, text.now, text.remedy);
      }
    };
  }

  /**
   * When the leg is over.
   *
   * @param lastedSeconds how long it was so; 0: not worth saying
   */
  String then(Fault fault, @Nullable String who, long lastedSeconds) {
    return switch (fault) {
      case NONE -> who == null ? "You heard and were heard." : who + " heard and was heard.";
      case CONNECTING ->
          who == null
              ? "You left before you were connected."
              : who + " left before the connection stood.";
      default -> {
        Effect effect = effect(fault.effect());
        Text text = text(fault);
        String length = lastedSeconds == 0 ? "" : " for " + span(lastedSeconds);
        yield who == null
            ? whole("You " + effect.youThen + length, yours(text.then), yours(text.remedy))
            : whole(who + " " + effect.then + length, text.then, text.remedy);
      }
    };
  }

  /** Said to the participant himself. */
  private static String yours(String text) {
    return text.replace("the client's", "your")
        .replace("this client", "your client")
        .replace("the client", "your client")
        .replace("The client", "Your client")
        .replaceFirst("^Its ", "Your ");
  }

  private static String whole(String effect, String cause, String remedy) {
    return effect + ": " + cause + "." + (remedy.isEmpty() ? "" : " " + remedy);
  }

  private static String span(long seconds) {
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  private static Effect effect(Fault.Effect effect) {
    return switch (effect) {
      case NEITHER ->
          new Effect(
              "neither hears nor is heard",
              "neither heard nor was heard",
              "neither hear nor are heard",
              "neither heard nor were heard");
      case UNHEARD ->
          new Effect("is not heard", "was not heard", "are not heard", "were not heard");
      case DEAF -> new Effect("hears nobody", "heard nobody", "hear nobody", "heard nobody");
      case HEARD_BADLY ->
          new Effect("is heard badly", "was heard badly", "are heard badly", "were heard badly");
      case HEARS_BADLY ->
          new Effect(
              "hears others badly",
              "heard others badly",
              "hear others badly",
              "heard others badly");
      case BOTH_BADLY ->
          new Effect(
              "hears and is heard late",
              "heard and was heard late",
              "hear and are heard late",
              "heard and were heard late");
      case NONE -> new Effect("is well", "was well", "are well", "were well");
    };
  }

  private Text text(Fault fault) {
    return switch (fault) {
      case OFFER_REFUSED, HANDSHAKE_FAILED -> refused();
      case NO_ICE ->
          new Text(
              "no packet of this client reaches the relay",
              "no packet of this client reached the relay",
              "UDP to the relay's media port is blocked on the way, or the address that the relay"
                  + " advertises is not the right one: allow UDP, or set media.advertise.");
      case CONSENT_LOST ->
          new Text(
              "the client gave no more sign of life, so the connection was given up",
              "the client gave no more sign of life, so the connection was given up",
              "The network went down, or the client was closed without leaving: check the network"
                  + " and call again.");
      case WRONG_FINGERPRINT ->
          new Text(
              "the client's certificate is not the one its offer promised",
              "the client's certificate was not the one its offer promised",
              "Something between the client and the server changes messages, or the client mixes up"
                  + " two connections: reload it, and look for a proxy that rewrites SDP.");
      case ANSWERS_LOST ->
          new Text(
              "the client's connectivity checks reach the relay, but what the relay answers does"
                  + " not reach the client",
              "the client's connectivity checks reached the relay, but what the relay answered did"
                  + " not reach the client",
              "UDP from the relay to the client is blocked: a firewall there must let answers in.");
      case HANDSHAKE_STUCK ->
          new Text(
              "the secure handshake (DTLS) began %d s ago and does not finish"
                  .formatted(particulars.stageSeconds),
              "the secure handshake (DTLS) did not finish",
              "Large packets get lost on the way, or a firewall filters DTLS: try another network,"
                  + " or a smaller MTU.");
      case CLOSED_BY_CLIENT ->
          new Text(
              "the client ended its connection and has not left the call",
              "the client ended its connection and did not leave the call",
              "Its page was closed or is loading anew: call again if it does not come back.");
      case NOTHING_ARRIVES ->
          new Text(
              "nothing has come from this client for %d s".formatted(particulars.quietSeconds),
              "nothing came from this client any more",
              "Its network has failed or blocks UDP on the way to the relay: check Wi-Fi, cable and"
                  + " VPN.");
      case WRONG_KEYS ->
          new Text(
              "all audio of this client fails its authentication (wrong SRTP keys)",
              "all audio of this client failed its authentication (wrong SRTP keys)",
              "The client encrypts with other keys than it agreed on: reload it, and update it if"
                  + " that does not help.");
      case WRONG_CODEC ->
          new Text(
              "the client sends audio in another codec than was agreed on",
              "the client sent audio in another codec than was agreed on",
              "It has to use a payload type of the answer: update the client.");
      case AUDIO_REFUSED ->
          new Text(
              "the relay refuses the client's packets: they are no audio it agreed on",
              "the relay refused the client's packets: they were no audio it agreed on",
              "Their SSRC, size or rate is wrong: update the client.");
      case BLOCKED_DOWN ->
          new Text(
              "the audio that the relay sends does not reach this client",
              "the audio that the relay sent did not reach this client",
              "UDP from the relay to the client is blocked or its network is overloaded: a firewall"
                  + " there must let it in.");
      case NO_RECEIVING_SECTION ->
          new Text(
              "the client offered no section in which it receives audio",
              "the client offered no section in which it receives audio",
              "It joined to speak only; to hear, it has to offer sendrecv or recvonly.");
      case NO_AUDIO ->
          new Text(
              "the client is connected and unmuted but sends no audio",
              "the client was connected and unmuted but sent no audio",
              "Check that the browser may use the microphone and that it is plugged in; else a"
                  + " firewall lets only small packets through.");
      case SILENT_MICROPHONE ->
          new Text(
              "the microphone sends digital silence",
              "the microphone sent digital silence",
              "Check which microphone the browser uses, and its switch and volume in the system.");
      case CLOCK_JUMP ->
          new Text(
              "the clock of the client's audio jumped, so that receivers lose their place",
              "the clock of the client's audio jumped, so that receivers lost their place",
              "Its computer slept or its audio device was reset: if it happens again, plug in the"
                  + " headset anew or restart the client.");
      case LOSS_UP ->
          new Text(
              percent(particulars.lossPercent)
                  + " of the client's packets are lost on the way to the relay",
              percent(particulars.lossPercent)
                  + " of the client's packets were lost on the way to the relay",
              "Its upload is weak: prefer a cable to Wi-Fi and stop other uploads.");
      case LOSS_DOWN ->
          new Text(
              percent(particulars.lossDownPercent)
                  + " of the packets to the client are lost on the way",
              percent(particulars.lossDownPercent)
                  + " of the packets to the client were lost on the way",
              "Its download is weak: prefer a cable to Wi-Fi and stop other downloads.");
      case JITTER_UP ->
          new Text(
              "the client's packets come very unevenly (jitter of %.0f ms)"
                  .formatted(particulars.jitterMs),
              "the client's packets came very unevenly",
              "Its upload is overloaded: prefer a cable to Wi-Fi and stop other uploads.");
      case JITTER_DOWN ->
          new Text(
              "packets reach the client very unevenly (jitter of %.0f ms)"
                  .formatted(particulars.jitterDownMs),
              "packets reached the client very unevenly",
              "Its download is overloaded: prefer a cable to Wi-Fi and stop other downloads.");
      case LONG_WAY ->
          new Text(
              "the way to the relay and back takes %.0f ms".formatted(particulars.roundTripMs),
              "the way to the relay and back took long",
              "A VPN or a satellite link may be the reason: try without it.");
      case NOT_AMONG_LOUDEST ->
          new Text(
              "others speak louder, and only the %d loudest are heard at a time"
                  .formatted(around.loudest()),
              "others spoke louder, and only the %d loudest were heard at a time"
                  .formatted(around.loudest()),
              "Wait until somebody stops, or move closer to the microphone.");
      case MUTED -> new Text("the microphone is muted", "the microphone was muted");
      case NO_MICROPHONE ->
          new Text(
              "the client joined without a microphone", "the client joined without a microphone");
      case ALONE -> new Text("nobody else is connected", "nobody else was connected");
      case OTHERS_MUTED ->
          around.name().isEmpty()
              ? new Text("all the others are muted", "all the others were muted")
              : new Text(around.name() + " is muted", around.name() + " was muted");
      case OTHERS_NOT_HEARD ->
          around.name().isEmpty()
              ? new Text(
                  "none of the others is heard, each for a reason of their own",
                  "none of the others was heard, each for a reason of their own")
              : new Text(
                  around.name() + " is not heard; what is said of " + around.name() + " tells why",
                  around.name()
                      + " was not heard; what is said of "
                      + around.name()
                      + " tells why");
      case OTHERS_HEARD_BADLY ->
          around.name().isEmpty()
              ? new Text(
                  "what others send comes badly to the relay; what is said of them tells why",
                  "what others sent came badly to the relay; what is said of them tells why")
              : new Text(
                  around.name()
                      + " is heard badly; what is said of "
                      + around.name()
                      + " tells why",
                  around.name()
                      + " was heard badly; what is said of "
                      + around.name()
                      + " tells why");
      case CONNECTING, NONE -> new Text("nothing is wrong", "nothing was wrong");
    };
  }

  private Text refused() {
    String reason = particulars.refusal.strip();
    while (reason.endsWith(".")) {
      reason = reason.substring(0, reason.length() - 1);
    }
    if (!reason.isEmpty()) {
      reason = reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }
    return new Text(reason, reason);
  }

  private static String percent(double value) {
    return "%.0f %%".formatted(value);
  }
}
