package parley.relay.quality;

/**
 * Who else is in the call, as one participant sees it.
 *
 * @param others people beside him who are connected
 * @param unmuted of them, those who are not muted and offer a microphone
 * @param audible of those, the ones whose audio reaches the relay well
 * @param name of the only other; empty when there are several, or none
 * @param loudest how many voices are forwarded at the same time
 * @param lossPercent of what comes from those who are forwarded, at worst of late: it is missing
 *     wherever they are heard
 * @param jitterMs of the same
 */
public record Surroundings(
    int others,
    int unmuted,
    int audible,
    String name,
    int loudest,
    double lossPercent,
    double jitterMs) {

  /** All that comes from the others comes well. */
  public Surroundings(int others, int unmuted, int audible, String name, int loudest) {
    this(others, unmuted, audible, name, loudest, 0, 0);
  }

  /** The same without anybody's name. */
  Surroundings unnamed() {
    return new Surroundings(others, unmuted, audible, "", loudest, lossPercent, jitterMs);
  }
}
