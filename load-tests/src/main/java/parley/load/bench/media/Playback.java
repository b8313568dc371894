package parley.load.bench.media;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Everybody says his part, each at a moment of his own within the 20 ms. Owned by its Swarm. */
final class Playback {

  private static final long FRAME_NS = 20_000_000L;

  /** What is sent last may take so long. */
  private static final long LINGER_NS = 400_000_000L;

  private final List<Part> parts;
  private final int packetsEach;
  private final boolean measured;
  private final CompletableFuture<Played> done = new CompletableFuture<>();
  private long startNs;
  private long endNs = Long.MAX_VALUE;
  private int round;
  private int next;
  private long sent;
  private long latestNs;
  private long heard;
  final Tally tally = new Tally();

  /**
   * @param measured whether every leg keeps what it hears, and the thread does not sleep
   */
  Playback(List<Part> parts, int packetsEach, boolean measured) {
    this.parts = List.copyOf(parts);
    this.packetsEach = packetsEach;
    this.measured = measured;
  }

  CompletableFuture<Played> done() {
    return done;
  }

  boolean measured() {
    return measured;
  }

  void begin(long nowNs) {
    startNs = nowNs + FRAME_NS;
  }

  private long phaseNs(int part) {
    return part * FRAME_NS / parts.size();
  }

  /** Sends what is due; returns whether anything was. */
  boolean onTime(long nowNs) {
    boolean any = false;
    while (round < packetsEach) {
      long dueNs = startNs + round * FRAME_NS + phaseNs(next);
      if (dueNs > nowNs) {
        return any;
      }
      latestNs = Math.max(latestNs, nowNs - dueNs);
      Part part = parts.get(next);
      part.leg().say(part.voice(), round % part.voice().length(), dueNs);
      sent++;
      any = true;
      if (++next == parts.size()) {
        next = 0;
        if (++round == packetsEach) {
          endNs = nowNs + LINGER_NS;
        }
      }
    }
    return any;
  }

  void onSound(Leg leg, byte[] data, int at, int length) {
    heard++;
    if (measured) {
      leg.keep(data, at, length);
    }
  }

  boolean over(long nowNs) {
    return nowNs > endNs;
  }

  Played result(long busyNs) {
    long[] spoken = new long[parts.size()];
    for (int i = 0; i < spoken.length; i++) {
      spoken[i] = startNs + phaseNs(i) - FRAME_NS;
    }
    return new Played(
        spoken, sent, heard, tally.refused, latestNs, busyNs, endNs - LINGER_NS - startNs);
  }
}
