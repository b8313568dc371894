package parley.relay.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * Stretches of a track in which nothing was to be recorded, for one cause: mute, or a mask. They
 * come in order; places are samples at 48 kHz.
 */
final class Withheld {

  /**
   * @param to −1 while it is open
   * @param reason empty when there is nothing to say
   */
  record Stretch(long from, long to, String reason) {}

  /** Takes the pieces of a stretch, those within and those outside. */
  @FunctionalInterface
  interface Piece {
    void take(long from, long to, boolean within);
  }

  private final List<Stretch> closed = new ArrayList<>();
  private long since = -1;
  private String reason = "";
  private int firstOpen;

  /** Whether that is a change. */
  boolean set(boolean on, long at, String why) {
    if (on == (since >= 0)) {
      return false;
    }
    if (on) {
      since = at;
      reason = why;
    } else {
      if (closed.size() < GapLedger.MAX_GAPS) {
        closed.add(new Stretch(since, at, reason));
      }
      since = -1;
    }
    return true;
  }

  /** All of them, the open one up to {@code now}. */
  List<Stretch> all(long now) {
    List<Stretch> all = new ArrayList<>(closed);
    if (since >= 0) {
      all.add(new Stretch(since, Math.max(since, now), reason));
    }
    return all;
  }

  /** Hands out a stretch in pieces, in order. */
  void split(long from, long to, Piece piece) {
    long at = from;
    while (firstOpen < closed.size() && closed.get(firstOpen).to() <= from) {
      firstOpen++; // gaps come in order: what lies behind is done
    }
    for (int i = firstOpen; i < closed.size() && closed.get(i).from() < to; i++) {
      at = split(at, to, closed.get(i).from(), closed.get(i).to(), piece);
    }
    if (since >= 0 && since < to) {
      at = split(at, to, since, to, piece);
    }
    hand(at, to, false, piece);
  }

  private static long split(long from, long to, long heldFrom, long heldTo, Piece piece) {
    long start = Math.max(from, heldFrom);
    long end = Math.min(to, heldTo);
    hand(from, start, false, piece);
    hand(start, end, true, piece);
    return Math.max(start, end);
  }

  private static void hand(long from, long to, boolean within, Piece piece) {
    if (to > from) {
      piece.take(from, to, within);
    }
  }

  /** What lies behind may be asked for again. */
  void rewind() {
    firstOpen = 0;
  }
}
