package parley.load.soak;

/** Keeps processors as busy as wanted by the number of calls. One thread. */
final class Thermostat {

  /** Calls last for seconds, so that a change shows late; a quarter of what seems right at once. */
  private static final double GAIN = 0.25;

  private static final double LEAST = 0.05;
  private static final double MOST = 1;

  private final double wanted;
  private double level;

  /**
   * @param wanted share of all processors, 0 to 1
   * @param level to begin with
   */
  Thermostat(double wanted, double level) {
    this.wanted = wanted;
    this.level = level;
  }

  /** How much of the scenario there is to be, 0 to 1. */
  double level() {
    return level;
  }

  /**
   * So busy it was of late.
   *
   * @param busy share of all processors, 0 to 1
   */
  void onBusy(double busy) {
    if (busy > 0) {
      level = Math.clamp(level * (1 + GAIN * (wanted / busy - 1)), LEAST, MOST);
    }
  }
}
