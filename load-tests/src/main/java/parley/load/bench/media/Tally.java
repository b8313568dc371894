package parley.load.bench.media;

import parley.load.bench.measure.LatencyHistogram;

/** What came in during a turn. Owned by its {@link Swarm}. */
final class Tally {

  final LatencyHistogram latency = new LatencyHistogram();

  /** Packets that are what a speaker of this turn sent. */
  long heard;

  /** Decrypted, but not what any speaker sent: silence, a mix, a part. */
  long changed;

  /** A speaker's own voice, or one of an earlier turn. */
  long misplaced;

  /** Not authentic. */
  long refused;

  /** Reports and other RTCP. */
  long rtcp;
}
