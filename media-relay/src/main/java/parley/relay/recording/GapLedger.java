package parley.relay.recording;

import java.util.ArrayList;
import java.util.List;

/** Everything that is missing from a track, in order, and why. Positions are samples at 48 kHz. */
final class GapLedger {

  /**
   * Enough for a day with a gap every few seconds; a worse call is summed up beyond it, so that
   * {@code call.json} stays a file one can open.
   */
  static final int MAX_GAPS = 20_000;

  /** 60 ms: silence is one stretch although a comfort noise packet comes now and then. */
  private static final long MERGED = 2880;

  /** Told of each entry as it is made; none for entries that are read back. */
  interface Listener {
    Listener NONE =
        new Listener() {
          @Override
          public void gap(long from, long to, Gap.Why why) {}

          @Override
          public void muted(boolean muted, long at) {}

          @Override
          public void masked(boolean masked, long at, String why) {}

          @Override
          public void hole(long from) {}

          @Override
          public void filled() {}
        };

    void gap(long from, long to, Gap.Why why);

    void muted(boolean muted, long at);

    void masked(boolean masked, long at, String why);

    /** From here on nothing has come; how long it lasts, and why, is not known yet. */
    void hole(long from);

    /** There is audio again. */
    void filled();
  }

  private final Listener listener;
  private final long[] totals = new long[Gap.Why.values().length];
  private final List<Gap> gaps = new ArrayList<>();
  private final Withheld mutes = new Withheld();
  private final Withheld masks = new Withheld();
  private int omitted;

  GapLedger() {
    this(Listener.NONE);
  }

  GapLedger(Listener listener) {
    this.listener = listener;
  }

  /** Samples that are missing for this reason, those of omitted entries, too. */
  long total(Gap.Why why) {
    return totals[why.ordinal()];
  }

  List<Gap> gaps() {
    return gaps;
  }

  int omitted() {
    return omitted;
  }

  /** Mute intervals, {@code {from, to}}, the open one up to {@code now}. */
  List<long[]> mutes(long now) {
    return mutes.all(now).stream().map(m -> new long[] {m.from(), m.to()}).toList();
  }

  /** Masked intervals, and why, the open one up to {@code now}. */
  List<Withheld.Stretch> masks(long now) {
    return masks.all(now);
  }

  void muted(boolean muted, long at) {
    if (mutes.set(muted, at, "")) {
      listener.muted(muted, at);
    }
  }

  void masked(boolean masked, long at, String why) {
    if (masks.set(masked, at, why)) {
      listener.masked(masked, at, why);
    }
  }

  /**
   * Writes down that nothing was recorded between two points; time spent masked, or else muted, is
   * told apart.
   */
  void missing(long from, long to, Gap.Why why) {
    masks.split(
        from,
        to,
        (a, b, masked) -> {
          if (masked) {
            add(a, b, Gap.Why.MASK);
          } else {
            mutes.split(a, b, (c, d, muted) -> add(c, d, muted ? Gap.Why.MUTE : why));
          }
        });
  }

  /** Nothing comes from here on: a hole that {@link #missing} or {@link #filled} will close. */
  void hole(long from) {
    listener.hole(from);
  }

  void filled() {
    listener.filled();
  }

  /** Forgets what was written down of places behind this one: they never reached the disk. */
  void clip(long at) {
    while (!gaps.isEmpty() && gaps.getLast().to() > at) {
      Gap last = gaps.removeLast();
      long cut = last.to() - Math.max(at, last.from());
      totals[last.why().ordinal()] = Math.max(0, totals[last.why().ordinal()] - cut);
      if (last.from() < at) {
        gaps.add(new Gap(last.from(), at, last.why()));
      }
    }
    mutes.rewind();
    masks.rewind();
  }

  /** An entry that is read back: as it was told to the listener. */
  void restore(long from, long to, Gap.Why why) {
    add(from, to, why);
  }

  private void add(long from, long to, Gap.Why why) {
    if (to <= from) {
      return;
    }
    listener.gap(from, to, why);
    totals[why.ordinal()] += to - from;
    int last = gaps.size() - 1;
    if (last >= 0 && gaps.get(last).why() == why) {
      Gap before = gaps.get(last);
      long allowed = why == Gap.Why.SILENCE ? MERGED : 0;
      if (from - before.to() <= allowed) {
        gaps.set(last, new Gap(before.from(), to, why));
        return;
      }
    }
    if (gaps.size() >= MAX_GAPS) {
      omitted++;
      return;
    }
    gaps.add(new Gap(from, to, why));
  }
}
