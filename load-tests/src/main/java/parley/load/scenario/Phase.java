package parley.load.scenario;

import parley.signalling.settings.Setting;

/**
 * A stretch of time with so much of the load.
 *
 * @param rampS from the load of the phase before
 */
public record Phase(
    @Setting("What it is called") String name,
    @Setting(value = "How long it lasts", min = 1, max = 604_800) int lastsS,
    @Setting(value = "How much of the calls' at_once there is to be", max = 1_000) int loadPercent,
    @Setting(
            value = "How long the load takes to get there from the phase before, evenly",
            max = 604_800,
            optional = true)
        int rampS,
    @Setting("Whether it does not count: a server that has just started is not what is measured")
        boolean warmUp) {

  public Phase {
    if (rampS > lastsS) {
      throw new IllegalArgumentException(
          "ramp_s is %d and lasts_s %d; the ramp has to end within the phase"
              .formatted(rampS, lastsS));
    }
  }

  /**
   * @param before the load of the phase before, 1: all
   */
  double loadAt(double secondsInto, double before) {
    double load = loadPercent / 100.0;
    return secondsInto >= rampS ? load : before + (load - before) * secondsInto / rampS;
  }

  Phase stretched(double factor) {
    int lasts = Math.max(1, (int) Math.round(factor * lastsS));
    int ramp = Math.min(lasts, (int) Math.round(factor * rampS));
    return new Phase(name, lasts, loadPercent, ramp, warmUp);
  }
}
