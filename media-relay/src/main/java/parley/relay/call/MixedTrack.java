package parley.relay.call;

import org.jspecify.annotations.Nullable;

/** A place for a voice in the call's mix. */
final class MixedTrack {

  /** Who has it, or had it last: the mixer knows the way of his packets. */
  @Nullable RelayPeer owner;

  boolean on;

  /** Of the stream that the mixer knows as this track. */
  int ssrc;

  /** When it went off. */
  long endedNs;

  int csrc;

  /** What the mixer has played of it, as of its newest frame. */
  int played;
}
