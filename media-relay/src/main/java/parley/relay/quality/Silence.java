package parley.relay.quality;

import parley.relay.api.LegFigures;
import parley.relay.api.LegReport.Stage;

/**
 * Tells a microphone that is off from a person who does not speak. Between words many microphones
 * and noise gates are digitally silent, too; one that never was anything else is off.
 */
final class Silence {

  private static final long FROM_THE_START_NS = 5_000_000_000L;

  /** Who has been heard may listen for a while. */
  private static final long AFTER_SOUND_NS = 60_000_000_000L;

  private boolean sound;
  private boolean silent;
  private long sinceNs;

  void on(Observation now) {
    LegFigures.Up up = now.figures().up();
    if (up.muted() || now.stage() != Stage.CONNECTED) {
      silent = false;
      return;
    }
    if (up.levelDbov() == LegFigures.NO_LEVEL) {
      return;
    }
    boolean wasSilent = silent;
    silent = up.levelDbov() <= LegFigures.SILENCE;
    sound |= !silent;
    if (silent && !wasSilent) {
      sinceNs = now.atNs();
    }
  }

  boolean tooLong(long nowNs) {
    return silent && nowNs - sinceNs >= (sound ? AFTER_SOUND_NS : FROM_THE_START_NS);
  }
}
