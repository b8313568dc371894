package parley.relay.call;

/** What one peer hears of the call's mix, and how far its way there is. */
final class MixListener {

  enum State {
    /** Voices are forwarded to it. */
    FORWARDED,
    /** A mix is being made for it; until that runs well, a voice is still forwarded. */
    CHANGING,
    MIXED
  }

  State state = State.FORWARDED;

  /** When {@link #state} was entered. */
  long sinceNs;

  /** The mixer's stream for it; −1: none. */
  int stream = -1;

  /** The tracks that stream leaves out: those of its own person. */
  int without;

  /**
   * The track whose voice was forwarded up to {@link #forwarded}: the mix follows where that packet
   * has been played. −1: nothing to wait for.
   */
  int awaitedTrack = -1;

  int forwarded;
}
