package parley.relay.quality;

import parley.relay.api.LegFigures;

/**
 * Whether what is sent to a client arrives, by what its RTCP says. A client that sends no RTCP is
 * given the benefit of the doubt. How often it sends RTCP tells little: browsers report about each
 * section by itself, and those without a stream have nothing to say.
 */
final class Acknowledgements {

  /** A second of audio: a report of an earlier instant may still be on its way. */
  private static final long IN_FLIGHT = 50;

  private long acknowledgements;
  private long sentThen;
  private long overdueSinceNs;
  private long controlThen;
  private long sentNow;
  private long controlNow;

  void on(LegFigures figures, long nowNs) {
    sentNow = figures.down().packets();
    controlNow = figures.controlIn();
    if (figures.down().acknowledgements() != acknowledgements) {
      acknowledgements = figures.down().acknowledgements();
      sentThen = sentNow;
    }
    if (sentNow - sentThen < IN_FLIGHT) {
      controlThen = controlNow;
      overdueSinceNs = nowNs;
    }
  }

  /** For how long packets have been sent without the client's showing that any arrives. */
  long overdueMs(long nowNs) {
    return (nowNs - overdueSinceNs) / 1_000_000;
  }

  /** How often the client has sent RTCP since some of these should have been there. */
  long reports() {
    return controlNow - controlThen;
  }
}
