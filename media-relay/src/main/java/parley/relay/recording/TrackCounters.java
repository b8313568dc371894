package parley.relay.recording;

/** What came of a participant's packets. Owned by the recorder's thread. */
final class TrackCounters {
  /** Packets that arrived, each once. */
  long packets;

  /** Packets that are not on the track: never arrived, or {@link #late}. */
  long lost;

  /** Packets that came after their place on the track had been filled. */
  long late;

  long duplicates;

  /** Packets whose payload is not Opus. */
  long malformed;

  /** Packets of no stream that lasted. */
  long strays;

  /** Packets the recorder could not take over in time. */
  long overflowed;

  /** Samples put in, or left out, to follow the sender's clock. */
  long inserted;

  long removed;
}
