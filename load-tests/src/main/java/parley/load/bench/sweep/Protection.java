package parley.load.bench.sweep;

/** What clients agree to with the relay. */
enum Protection {
  /** Opus alone: what is lost is lost. */
  NONE(false, false, false),
  /** A softer copy of each frame in the next one, by the encoder itself. */
  FEC(true, false, false),
  /** What a browser does: in-band copies, redundant copies (RFC 2198) and retransmissions. */
  ALL(true, true, true);

  final boolean fec;
  final boolean red;
  final boolean nack;

  Protection(boolean fec, boolean red, boolean nack) {
    this.fec = fec;
    this.red = red;
    this.nack = nack;
  }
}
