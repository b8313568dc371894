package parley.relay.quality;

import parley.relay.api.Fault;
import parley.relay.api.LegFigures;

/**
 * From figures to the one fault to tell: the first that holds, in the order of {@link Fault}. Pure.
 */
final class Rules {

  /** A client is as quick as that, or something is wrong. */
  static final long SOON_MS = 3_000;

  /** A handshake takes three round trips, over a bad path some repeats of 300 ms. */
  static final long HANDSHAKE_MS = 4_000;

  /** Clients renew consent every 4 to 6 s (RFC 7675 §5.1), whatever else they do not send. */
  static final long QUIET_MS = 8_000;

  /** So long after it was connected a client may be without a sound: it is opening devices. */
  static final long WARM_UP_MS = 4_000;

  /** Half a second of audio, to be sure that it was no accident. */
  private static final long SOME = 25;

  /** Browsers report every five seconds, give or take half of that (RFC 3550 §6.2). */
  private static final long OVERDUE_MS = 10_000;

  /** One report may have crossed with the audio, or with the beginning of its stream. */
  private static final int REPORTS = 2;

  /** From here on speech has holes that concealment does not hide. */
  private static final double MUCH_LOSS_PERCENT = 10;

  /** Buffers that follow it delay speech by twice as much. */
  private static final double MUCH_JITTER_MS = 80;

  /**
   * What a client reports of a voice holds what was lost and late on the way from who speaks. Its
   * reports cover other seconds than ours do, so up to half as much again is put down to that.
   */
  private static final double SAME = 1.5;

  /** G.114: above 400 ms one way, and the rest of the way is long, too. */
  private static final double LONG_WAY_MS = 600;

  private Rules() {}

  /**
   * @param before some seconds ago; of the leg's beginning, when it is younger
   */
  static Fault fault(Observation now, Observation before, Trends trends, Surroundings around) {
    return switch (now.stage()) {
      case WAITING -> now.stageMs() < SOON_MS ? Fault.CONNECTING : Fault.NO_ICE;
      case CHECKING -> now.stageMs() < SOON_MS ? Fault.CONNECTING : Fault.ANSWERS_LOST;
      case HANDSHAKING -> now.stageMs() < HANDSHAKE_MS ? Fault.CONNECTING : Fault.HANDSHAKE_STUCK;
      case CONNECTED -> connected(now, before, trends, around);
    };
  }

  private static Fault connected(
      Observation now, Observation before, Trends trends, Surroundings around) {
    if (now.keyless()) {
      return Fault.CLOSED_BY_CLIENT;
    }
    Fault path = path(now.figures(), before.figures(), trends);
    if (path != Fault.NONE) {
      return path;
    }
    Fault microphone = microphone(now, before, trends);
    if (microphone != Fault.NONE) {
      return microphone;
    }
    Fault network = network(now.figures(), before.figures(), around);
    if (network != Fault.NONE) {
      return network;
    }
    Fault routing = routing(now.figures().up(), before.figures().up(), around);
    return routing != Fault.NONE ? routing : others(now.figures(), around);
  }

  /** What is wrong with what arrives, whatever it holds. */
  private static Fault path(LegFigures now, LegFigures before, Trends trends) {
    if (now.quietMs() >= QUIET_MS) {
      return Fault.NOTHING_ARRIVES;
    }
    long passed = now.packetsIn() - before.packetsIn();
    if (passed == 0 && now.authenticationFailures() - before.authenticationFailures() >= SOME) {
      return Fault.WRONG_KEYS;
    }
    long heard = now.up().packets() - before.up().packets();
    if (heard == 0 && now.up().wrongCodec() - before.up().wrongCodec() >= SOME) {
      return Fault.WRONG_CODEC;
    }
    if (heard == 0 && now.up().refused() - before.up().refused() >= SOME) {
      return Fault.AUDIO_REFUSED;
    }
    if (trends.overdueMs() >= OVERDUE_MS && trends.reports() >= REPORTS) {
      return Fault.BLOCKED_DOWN;
    }
    return now.down().sections() == 0 ? Fault.NO_RECEIVING_SECTION : Fault.NONE;
  }

  /** What is wrong with the audio; nothing is, while it is not wanted. */
  private static Fault microphone(Observation now, Observation before, Trends trends) {
    LegFigures.Up up = now.figures().up();
    if (!up.microphone() || up.muted() || before.figures().up().muted()) {
      return Fault.NONE;
    }
    long packets = up.packets() - before.figures().up().packets();
    if (packets == 0) {
      return now.stageMs() < WARM_UP_MS ? Fault.NONE : Fault.NO_AUDIO;
    }
    if (trends.silent()) {
      return Fault.SILENT_MICROPHONE;
    }
    return trends.clockJumped() ? Fault.CLOCK_JUMP : Fault.NONE;
  }

  private static Fault network(LegFigures now, LegFigures before, Surroundings around) {
    if (!now.up().muted() && lossUpPercent(now, before) >= MUCH_LOSS_PERCENT) {
      return Fault.LOSS_UP;
    }
    boolean reported = isReported(now);
    double ownLoss = now.down().lossPercent() - SAME * around.lossPercent();
    if (reported && ownLoss >= MUCH_LOSS_PERCENT) {
      return Fault.LOSS_DOWN;
    }
    boolean sends = now.up().packets() > before.up().packets() && !now.up().muted();
    if (sends && now.up().jitterMs() >= MUCH_JITTER_MS) {
      return Fault.JITTER_UP;
    }
    double ownJitterMs = now.down().jitterMs() - SAME * around.jitterMs();
    if (reported && ownJitterMs >= MUCH_JITTER_MS) {
      return Fault.JITTER_DOWN;
    }
    return reported && now.down().roundTripMs() >= LONG_WAY_MS ? Fault.LONG_WAY : Fault.NONE;
  }

  private static Fault routing(LegFigures.Up now, LegFigures.Up before, Surroundings around) {
    boolean drowned =
        now.talking()
            && before.talking()
            && now.packets() - before.packets() >= SOME
            && now.forwarded() == before.forwarded()
            && around.others() >= around.loudest();
    return drowned ? Fault.NOT_AMONG_LOUDEST : Fault.NONE;
  }

  private static boolean isReported(LegFigures now) {
    return now.down().reportAgeMs() >= 0 && now.down().reportAgeMs() < 15_000;
  }

  private static Fault others(LegFigures now, Surroundings around) {
    LegFigures.Up up = now.up();
    if (up.muted()) {
      return Fault.MUTED;
    }
    if (!up.microphone()) {
      return Fault.NO_MICROPHONE;
    }
    if (around.others() == 0) {
      return Fault.ALONE;
    }
    if (around.unmuted() == 0) {
      return Fault.OTHERS_MUTED;
    }
    if (around.audible() == 0) {
      return Fault.OTHERS_NOT_HEARD;
    }
    boolean badly =
        isReported(now)
            && (now.down().lossPercent() >= MUCH_LOSS_PERCENT
                || now.down().jitterMs() >= MUCH_JITTER_MS);
    return badly ? Fault.OTHERS_HEARD_BADLY : Fault.NONE;
  }

  /** Of what was sent between two instants; 0 when nothing was, or a new stream began. */
  static double lossUpPercent(LegFigures now, LegFigures before) {
    long expected = now.up().expected() - before.up().expected();
    long lost = now.up().lost() - before.up().lost();
    return percent(lost, expected);
  }

  /**
   * What is missing wherever the voice is heard: not what copies have healed, but also what came
   * too late for that, because the relay had to ask for it.
   */
  static double lossHeardPercent(LegFigures now, LegFigures before) {
    long expected = now.up().expected() - before.up().expected();
    long missing = now.up().lost() - before.up().lost() + now.up().late() - before.up().late();
    return percent(missing - (now.up().repaired() - before.up().repaired()), expected);
  }

  private static double percent(long lost, long expected) {
    return expected < SOME || lost <= 0 ? 0 : Math.min(100, 100.0 * lost / expected);
  }
}
