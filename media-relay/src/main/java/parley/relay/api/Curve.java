package parley.relay.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A leg's quality over its time, in equal steps; packed, because thousands are kept. Unchangeable.
 */
public final class Curve {

  public static final Curve EMPTY = new Curve(0, new short[0]);

  static final int FIELDS = 8;

  private static final int TENTHS = 10;
  private static final int HUNDREDTHS = 100;
  private static final short NOTHING = Short.MIN_VALUE;

  /**
   * One step.
   *
   * @param lossUpPercent worst of it, as the other figures
   * @param mosUp {@link LegFigures#UNKNOWN} when nothing came
   * @param mosDown {@link LegFigures#UNKNOWN} when nothing was reported
   * @param roundTripMs {@link LegFigures#UNKNOWN} when nothing was reported
   * @param levelDbov the loudest; {@link LegFigures#NO_LEVEL}
   */
  public record Point(
      double lossUpPercent,
      double lossDownPercent,
      double jitterMs,
      double roundTripMs,
      double mosUp,
      double mosDown,
      int levelDbov,
      boolean talking,
      boolean muted) {

    /** Both together: the worse of each. */
    public Point with(Point other) {
      return new Point(
          Math.max(lossUpPercent, other.lossUpPercent),
          Math.max(lossDownPercent, other.lossDownPercent),
          Math.max(jitterMs, other.jitterMs),
          Math.max(roundTripMs, other.roundTripMs),
          worse(mosUp, other.mosUp),
          worse(mosDown, other.mosDown),
          levelDbov > 0
              ? other.levelDbov
              : other.levelDbov > 0 ? levelDbov : Math.max(levelDbov, other.levelDbov),
          talking || other.talking,
          muted && other.muted);
    }

    private static double worse(double one, double other) {
      return one < 0 ? other : other < 0 ? one : Math.min(one, other);
    }
  }

  private final int stepMs;
  private final short[] packed;

  private Curve(int stepMs, short[] packed) {
    this.stepMs = stepMs;
    this.packed = packed;
  }

  /** A step's length. */
  public int stepMs() {
    return stepMs;
  }

  public int size() {
    return packed.length / FIELDS;
  }

  /** All of it, from the leg's beginning on. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      points.add(unpack(packed, i * FIELDS));
    }
    return points;
  }

  /** Makes one while the leg runs: a full one goes on with steps of twice the length. */
  public static final class Maker {

    /** What a plot shows of a leg; 1 KB. */
    static final int MAX = 64;

    private int stepMs;
    private int size;
    private short[] packed = new short[8 * FIELDS];

    public Maker(int firstStepMs) {
      this.stepMs = firstStepMs;
    }

    /** How long the next point's time is. */
    public int stepMs() {
      return stepMs;
    }

    /** One step more. */
    public void add(Point point) {
      if (size == MAX) {
        halve();
      }
      if (size * FIELDS == packed.length) {
        packed = Arrays.copyOf(packed, 2 * packed.length);
      }
      pack(point, packed, size++ * FIELDS);
    }

    private void halve() {
      for (int i = 0; i < MAX / 2; i++) {
        Point both = unpack(packed, 2 * i * FIELDS).with(unpack(packed, (2 * i + 1) * FIELDS));
        pack(both, packed, i * FIELDS);
      }
      size = MAX / 2;
      stepMs *= 2;
    }

    /** As it is now. */
    public Curve curve() {
      return size == 0 ? EMPTY : new Curve(stepMs, Arrays.copyOf(packed, size * FIELDS));
    }
  }

  private static void pack(Point point, short[] to, int at) {
    to[at] = packed(point.lossUpPercent(), TENTHS);
    to[at + 1] = packed(point.lossDownPercent(), TENTHS);
    to[at + 2] = packed(point.jitterMs(), TENTHS);
    to[at + 3] = packed(point.roundTripMs(), 1);
    to[at + 4] = packed(point.mosUp(), HUNDREDTHS);
    to[at + 5] = packed(point.mosDown(), HUNDREDTHS);
    to[at + 6] = (short) point.levelDbov();
    to[at + 7] = (short) ((point.talking() ? 1 : 0) | (point.muted() ? 2 : 0));
  }

  private static short packed(double value, int parts) {
    return value < 0 ? NOTHING : (short) Math.min(Short.MAX_VALUE, Math.round(value * parts));
  }

  private static Point unpack(short[] from, int at) {
    return new Point(
        unpacked(from[at], TENTHS),
        unpacked(from[at + 1], TENTHS),
        unpacked(from[at + 2], TENTHS),
        unpacked(from[at + 3], 1),
        unpacked(from[at + 4], HUNDREDTHS),
        unpacked(from[at + 5], HUNDREDTHS),
        from[at + 6],
        (from[at + 7] & 1) != 0,
        (from[at + 7] & 2) != 0);
  }

  private static double unpacked(short value, int parts) {
    return value == NOTHING ? LegFigures.UNKNOWN : (double) value / parts;
  }
}
