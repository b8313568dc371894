package parley.load.bench.media;

import java.util.ArrayList;
import java.util.List;

/** Everybody talks all the time, whoever comes and goes. Owned by its {@link Swarm}. */
final class Murmur {

  /** Turns are numbered from 1. */
  private static final int TURN = -1;

  private static final long FRAME_NS = 20_000_000L;

  /** Whoever was kept from talking for so long does not catch up. */
  private static final long LATE_NS = 5 * FRAME_NS;

  private static final class Talker {
    final Leg leg;
    long dueNs;

    Talker(Leg leg, long dueNs) {
      this.leg = leg;
      this.dueNs = dueNs;
    }
  }

  private final Ear ear;
  private final List<Talker> talkers = new ArrayList<>();

  Murmur(Ear ear) {
    this.ear = ear;
  }

  void add(Leg leg, long nowNs) {
    talkers.add(new Talker(leg, nowNs));
  }

  void remove(Leg leg) {
    talkers.removeIf(talker -> talker.leg == leg);
  }

  /** Sends what is due; returns whether anything was. */
  boolean onTime(long nowNs) {
    boolean any = false;
    for (Talker talker : talkers) {
      if (talker.dueNs <= nowNs) {
        talker.leg.sendVoice(TURN, talker.dueNs);
        talker.dueNs = nowNs - talker.dueNs > LATE_NS ? nowNs + FRAME_NS : talker.dueNs + FRAME_NS;
        any = true;
      }
    }
    return any;
  }

  void onVoice(Leg listener, byte[] data, int at, int length, long heardNs) {
    if (Stamp.isIntact(data, at, length) && Stamp.turn(data, at) == TURN) {
      ear.heard(listener.index(), Stamp.speaker(data, at), heardNs);
    }
  }
}
