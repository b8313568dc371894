package parley.relay.mix;

import parley.relay.opus.OpusEncoder;

/** 20 ms of one stream. Reused: whoever wants to keep something of it copies. */
public final class MixedFrame {

  public int stream;

  /** The mixer's clock, in frames of 20 ms, the same for all its streams. */
  public int number;

  /** Whether it is the first after a silence in which nothing was sent. */
  public boolean marker;

  /** How loud it is, −dBov. */
  public int level;

  /** The tracks that are heard in it, a bit each. */
  public int tracks;

  /** For each track the sequence number of the packet that was played last. */
  public final int[] played = new int[Mixer.MAX_TRACKS];

  public final byte[] data = new byte[OpusEncoder.MAX_BYTES];
  public int length;

  /** Takes over a copy. */
  public void set(MixedFrame other) {
    stream = other.stream;
    number = other.number;
    marker = other.marker;
    level = other.level;
    tracks = other.tracks;
    System.arraycopy(other.played, 0, played, 0, played.length);
    System.arraycopy(other.data, 0, data, 0, other.length);
    length = other.length;
  }
}
