package parley.relay.quality;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import parley.relay.api.Curve;
import parley.relay.api.Fault;
import parley.relay.api.LegCourse;
import parley.relay.api.LegCourse.Turn;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport;
import parley.relay.api.LegReport.Stage;
import parley.relay.api.LegReport.Trouble;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;

/**
 * Watches one leg: once a second it takes the figures, finds the fault, and adds up how long each
 * lasted. Owned by the leg's media loop; bounded, and away from every packet.
 */
public final class LegWatch {

  private static final long SECOND_NS = 1_000_000_000L;
  private static final long MILLI_NS = 1_000_000L;

  /** Rules compare with what was so many observations ago: five seconds. */
  private static final int WINDOW = 5;

  /** After a leg, a fault that lasted less than this is not worth a word … */
  private static final long WORTH_NS = 3_000_000_000L;

  /** … nor is one of less than a tenth of the leg, if it was below half a minute. */
  private static final long LONG_NS = 30_000_000_000L;

  /** The curve's steps at first; its points are then as many as its rules have seconds. */
  private static final int STEP_MS = 5_000;

  /** Changes of what there is to tell that are kept: more, and nobody reads them. */
  private static final int MAX_TURNS = 64;

  /** What others report of a voice is of 15 s ago at most, and covers some seconds before. */
  private static final int HEARD_S = 20;

  private final long beganNs;
  private final double[] lossHeard = new double[HEARD_S];
  private final double[] jitterHeard = new double[HEARD_S];
  private final Observation[] recent = new Observation[WINDOW];
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private final StreamClock clock = new StreamClock();
  private final Silence silence = new Silence();
  private final long[] lastedNs = new long[Fault.values().length];
  private int observed;
  private Surroundings around = new Surroundings(0, 0, 0, "", 0);
  private Fault fault = Fault.CONNECTING;
  private double lossUpPercent;
  private double mostLossUpPercent;
  private double mostLossDownPercent;
  private final Deque<Turn> turns = new ArrayDeque<>();
  private final Curve.Maker curve = new Curve.Maker(STEP_MS);
  private Curve.@Nullable Point step;
  private long stepNs;

  public LegWatch(long nowNs) {
    this.beganNs = nowNs;
    this.stepNs = nowNs;
  }

  /** What was observed last; null before the first time. */
  public @Nullable Observation newest() {
    return observed == 0 ? null : recent[(observed - 1) % WINDOW];
  }

  /** Once more, just before the end: who else is there counts as before. */
  public void observeLast(Observation now) {
    boolean _ = observe(now, around);
  }

  /** The fault found last. */
  public Fault fault() {
    return fault;
  }

  /**
   * About every second.
   *
   * @param others who else is there
   * @return whether {@link #fault} has changed
   */
  public boolean observe(Observation now, Surroundings others) {
    Observation before = observed == 0 ? now : recent[observed < WINDOW ? 0 : observed % WINDOW];
    Observation last = observed == 0 ? now : recent[(observed - 1) % WINDOW];
    acknowledgements.on(now.figures(), now.atNs());
    clock.on(now, last);
    silence.on(now);
    around = others;
    lossUpPercent = Rules.lossUpPercent(now.figures(), before.figures());
    Fault found = Rules.fault(now, before, trends(now.atNs()), others);
    hear(now, last, before);
    recent[observed++ % WINDOW] = now;
    account(found, now, last);
    boolean changed = found != fault;
    fault = found;
    if (changed) {
      turns.addLast(new Turn((now.atNs() - beganNs) / MILLI_NS, found));
      if (turns.size() > MAX_TURNS) {
        turns.removeFirst();
      }
    }
    plot(now);
    return changed;
  }

  private void hear(Observation now, Observation last, Observation before) {
    LegFigures.Up up = now.figures().up();
    boolean forwarded = up.forwarded() > last.figures().up().forwarded();
    lossHeard[observed % HEARD_S] =
        forwarded ? Rules.lossHeardPercent(now.figures(), before.figures()) : 0;
    jitterHeard[observed % HEARD_S] = forwarded ? up.jitterMs() : 0;
  }

  /** How much of what others were sent of this voice was missing of late, at worst, in percent. */
  public double lossHeardPercent() {
    return DoubleStream.of(lossHeard).max().orElse(0);
  }

  /** How unevenly what others were sent of this voice came here of late, at worst. */
  public double jitterHeardMs() {
    return DoubleStream.of(jitterHeard).max().orElse(0);
  }

  private void plot(Observation now) {
    Curve.Point point = point(now);
    step = step == null ? point : step.with(point);
    if (now.atNs() - stepNs >= curve.stepMs() * MILLI_NS) {
      curve.add(step);
      step = null;
      stepNs = now.atNs();
    }
  }

  private Curve.Point point(Observation now) {
    LegFigures.Up up = now.figures().up();
    LegFigures.Down down = now.figures().down();
    return new Curve.Point(
        Math.max(0, lossUpPercent),
        Math.max(0, down.lossPercent()),
        up.jitterMs(),
        down.roundTripMs(),
        mosUp(now.figures(), lossUpPercent),
        mosDown(now.figures()),
        up.levelDbov(),
        up.talking(),
        up.muted());
  }

  /** How good the leg was when it was observed last; null before the first time. */
  public Curve.@Nullable Point quality() {
    Observation now = newest();
    return now == null ? null : point(now);
  }

  private static double mosUp(LegFigures figures, double lossPercent) {
    LegFigures.Up up = figures.up();
    double repaired = up.expected() <= 0 ? 0 : 100.0 * up.repaired() / up.expected();
    return up.packets() == 0
        ? LegFigures.UNKNOWN
        : EModel.mos(
            figures.down().roundTripMs(), up.jitterMs(), Math.max(0, lossPercent - repaired));
  }

  private static double mosDown(LegFigures figures) {
    LegFigures.Down down = figures.down();
    return down.packets() == 0 || down.reportAgeMs() < 0
        ? LegFigures.UNKNOWN
        : EModel.mos(down.roundTripMs(), down.jitterMs(), down.lossPercent());
  }

  private LegCourse course(Observation now, Path path) {
    Milestones at = now.milestones();
    return new LegCourse(
        path.kind(),
        at.checkedMs(),
        at.handshakingMs(),
        at.connectedMs(),
        at.audioMs(),
        List.copyOf(turns),
        curve.curve());
  }

  private Trends trends(long nowNs) {
    return new Trends(
        acknowledgements.overdueMs(nowNs),
        acknowledgements.reports(),
        clock.jumped(nowNs),
        silence.tooLong(nowNs));
  }

  private void account(Fault found, Observation now, Observation last) {
    lastedNs[found.ordinal()] += now.atNs() - last.atNs();
    if (found == Fault.LOSS_UP) {
      mostLossUpPercent = Math.max(mostLossUpPercent, lossUpPercent);
    } else if (found == Fault.LOSS_DOWN) {
      mostLossDownPercent = Math.max(mostLossDownPercent, now.figures().down().lossPercent());
    }
  }

  /** How the leg is doing, by {@link #observe} of late. */
  public LegReport live(PeerId peer, PeerInfo info, Observation now, Path path) {
    Sentences sentences = sentences(now, lossUpPercent, now.figures().down().lossPercent(), "");
    return report(
        peer,
        info,
        now,
        path,
        lossUpPercent,
        fault,
        sentences.now(fault, info.displayName()),
        sentences.now(fault, null),
        "");
  }

  /**
   * How the leg was; after a last {@link #observe}.
   *
   * @param cause what ended it; null: somebody wanted it to end
   * @param reason in a sentence
   */
  public Ending ended(
      PeerId peer,
      PeerInfo info,
      Observation now,
      Path path,
      @Nullable Fault cause,
      String reason) {
    LegFigures.Up up = now.figures().up();
    double loss = up.expected() <= 0 ? 0 : Math.max(0, 100.0 * up.lost() / up.expected());
    Fault told = cause == null ? ofAllTime(now) : cause;
    long seconds = cause == null ? lastedNs[told.ordinal()] / SECOND_NS : 0;
    Sentences sentences = sentences(now, mostLossUpPercent, mostLossDownPercent, reason);
    LegReport report =
        report(
            peer,
            info,
            now,
            path,
            loss,
            told,
            sentences.then(told, info.displayName(), seconds),
            sentences.then(told, null, seconds),
            reason);
    return new Ending(report, sentences.unnamed().then(told, "the participant", seconds));
  }

  /**
   * An offer that was refused: a leg that never was.
   *
   * @param reason in a sentence
   */
  public static LegReport refused(PeerId peer, PeerInfo info, String reason, long nowNs) {
    LegFigures.Up up =
        new LegFigures.Up(
            false, false, false, LegFigures.NO_LEVEL, 0, 0, 0, 0, 0, 0, 0, 0, Double.NaN, 0);
    LegFigures.Down down =
        new LegFigures.Down(0, 0, 0, 0, LegFigures.UNKNOWN, 0, 0, LegFigures.UNKNOWN);
    LegFigures figures = new LegFigures(0, 0, 0, 0, 0, up, down);
    Observation nothing = new Observation(nowNs, Stage.WAITING, 0, false, figures);
    LegWatch watch = new LegWatch(nowNs);
    return watch.ended(peer, info, nothing, Path.NONE, Fault.OFFER_REFUSED, reason).report();
  }

  /**
   * A leg that is over.
   *
   * @param forLog the sentence without anybody's name
   */
  public record Ending(LegReport report, String forLog) {}

  /** Real trouble first; what is as somebody wanted it only if it was nearly always so. */
  private Fault ofAllTime(Observation now) {
    long ageNs = now.atNs() - beganNs;
    long toldNs = LongStream.of(lastedNs).sum() - lastedNs[Fault.CONNECTING.ordinal()];
    Fault worst = null;
    for (Fault each : Fault.values()) {
      long ns = lastedNs[each.ordinal()];
      boolean worth =
          each.isIntended()
              ? each != Fault.CONNECTING && ns > 0 && ns >= toldNs / 10 * 8
              : ns >= WORTH_NS && (ns >= ageNs / 10 || ns >= LONG_NS);
      if (worth && (worst == null || ns > lastedNs[worst.ordinal()])) {
        worst = each;
      }
    }
    if (worst != null) {
      return worst;
    }
    return now.stage() == Stage.CONNECTED ? Fault.NONE : Fault.CONNECTING;
  }

  private Sentences sentences(Observation now, double lossUp, double lossDown, String refusal) {
    LegFigures figures = now.figures();
    return new Sentences(
        around,
        new Sentences.Particulars(
            now.stageMs() / 1000,
            figures.quietMs() / 1000,
            lossUp,
            lossDown,
            figures.up().jitterMs(),
            figures.down().jitterMs(),
            figures.down().roundTripMs(),
            refusal));
  }

  private LegReport report(
      PeerId peer,
      PeerInfo info,
      Observation now,
      Path path,
      double lossUp,
      Fault told,
      String sentence,
      String toUser,
      String ended) {
    return new LegReport(
        peer,
        info,
        now.stage(),
        ended.isEmpty(),
        (now.atNs() - beganNs) / MILLI_NS,
        path.local(),
        path.remote(),
        now.figures(),
        lossUp,
        mosUp(now.figures(), lossUp),
        mosDown(now.figures()),
        told,
        sentence,
        toUser,
        troubles(),
        ended,
        course(now, path));
  }

  private List<Trouble> troubles() {
    List<Trouble> troubles = new ArrayList<>();
    for (Fault each : Fault.values()) {
      long ns = lastedNs[each.ordinal()];
      if (ns > 0 && each != Fault.NONE && each != Fault.CONNECTING) {
        troubles.add(new Trouble(each, ns / MILLI_NS));
      }
    }
    troubles.sort(Comparator.comparingLong(Trouble::lastedMs).reversed());
    return troubles;
  }

  /**
   * The selected pair.
   *
   * @param local empty, when there is none, as the others
   * @param kind of the remote candidate
   */
  public record Path(String local, String remote, String kind) {
    public static final Path NONE = new Path("", "", "");
  }
}
