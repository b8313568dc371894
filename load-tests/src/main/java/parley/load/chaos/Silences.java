package parley.load.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import parley.load.bench.media.Ear;

/** What each person heard when, whichever of his legs heard it. Any thread. */
final class Silences implements Ear {

  /** Two packets late or lost are no hole: every player bridges them. */
  private static final long HOLE_NS = 60_000_000L;

  private record Hole(int person, long fromNs, long toNs) {}

  private final ConcurrentHashMap<Integer, Integer> people = new ConcurrentHashMap<>();
  private final long[][] heardNs;
  private final long[] anyNs;
  private final List<Hole> holes = new ArrayList<>();

  Silences(int count) {
    heardNs = new long[count][count];
    anyNs = new long[count];
  }

  /** This leg is that person's. */
  void is(int leg, int person) {
    people.put(leg, person);
  }

  void isNobodys(int leg) {
    people.remove(leg);
  }

  @Override
  public synchronized void heard(int listener, int speaker, long atNs) {
    Integer who = people.get(listener);
    Integer whom = people.get(speaker);
    if (who == null || whom == null || who.equals(whom)) {
      return; // packets of a leg that was closed just now
    }
    long before = anyNs[who];
    if (before != 0 && atNs - before > HOLE_NS) {
      holes.add(new Hole(who, before, atNs));
    }
    anyNs[who] = Math.max(before, atNs);
    heardNs[who][whom] = atNs;
  }

  /** Of his own will he hears nothing from now on. */
  synchronized void left(int person) {
    anyNs[person] = 0;
  }

  synchronized long lastNs(int person) {
    return anyNs[person];
  }

  /** Whether one has heard the other since then. */
  synchronized boolean heardSince(int listener, int speaker, long sinceNs) {
    return heardNs[listener][speaker] >= sinceNs;
  }

  /** How long somebody heard nobody, in all, from then until now; in milliseconds. */
  synchronized double silentMs(int person, long sinceNs, long nowNs) {
    long sum = 0;
    for (Hole hole : holes) {
      if (hole.person == person && hole.toNs > sinceNs) {
        sum += hole.toNs - Math.max(hole.fromNs, sinceNs);
      }
    }
    long last = anyNs[person];
    if (last != 0 && nowNs - last > HOLE_NS) {
      sum += nowNs - Math.max(last, sinceNs);
    }
    return sum / 1e6;
  }

  /** What was before is of no interest any more. */
  synchronized void forget() {
    holes.clear();
  }
}
