package parley.load.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.load.bench.media.Leg;

/** Somebody in a call with his microphone and his ears. Owned by the swarm's thread. */
final class Talker {

  /** Sections are 64 at most, and a stream more for each that an offer renewed. */
  private static final int MAX_STREAMS = 128;

  final Leg leg;
  final int call;
  final boolean talks;
  final List<Reception> streams = new ArrayList<>();
  @Nullable Spurt spurt;
  long changesNs;

  /**
   * @param call whose voices it may hear
   * @param talks whether it ever does
   */
  Talker(Leg leg, int call, boolean talks) {
    this.leg = leg;
    this.call = call;
    this.talks = talks;
  }

  /** Null when there are absurdly many. */
  @Nullable Reception stream(int ssrc) {
    for (Reception stream : streams) {
      if (stream.ssrc == ssrc) {
        return stream;
      }
    }
    if (streams.size() == MAX_STREAMS) {
      return null;
    }
    Reception stream = new Reception(ssrc);
    streams.add(stream);
    return stream;
  }
}
