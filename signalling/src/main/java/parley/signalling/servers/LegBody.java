package parley.signalling.servers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.IsoTime;

/**
 * A participant's connection in an answer; the keys are the names in snake_case. What is not known
 * is left out.
 *
 * @param peer a device keeps it while it is in the call
 * @param stage waiting, checking, handshaking, connected
 * @param ended left out while it is live
 * @param reason why it ended
 */
@JsonInclude(Include.NON_NULL)
public record LegBody(
    String peer,
    String contact,
    String displayName,
    String useragent,
    boolean live,
    String stage,
    IsoTime began,
    @Nullable IsoTime ended,
    @Nullable String reason,
    String fault,
    String effect,
    String sentence,
    Path path,
    Up up,
    Down down,
    List<Trouble> troubles) {

  /** All of a call. */
  public record Legs(CallId uid, boolean live, List<LegBody> legs) {
    static Legs of(ServerReply.Legs reply) {
      return new Legs(
          reply.uid(), reply.live(), reply.legs().stream().map(leg -> of(leg)).toList());
    }

    private static LegBody of(ServerReply.Leg leg) {
      return LegBody.of(leg, leg.report().sentence());
    }
  }

  /** The selected pair, and what came by it. */
  @JsonInclude(Include.NON_NULL)
  public record Path(
      @Nullable String local,
      @Nullable String remote,
      long checks,
      long packetsIn,
      long authenticationFailures,
      long quietMs) {}

  /** From the participant. */
  @JsonInclude(Include.NON_NULL)
  public record Up(
      boolean microphone,
      boolean muted,
      boolean talking,
      @Nullable Integer levelDbov,
      long packets,
      long forwarded,
      long lost,
      double lossPercent,
      long repaired,
      long late,
      long wrongCodec,
      long refused,
      double jitterMs,
      @Nullable Double mos) {}

  /** To the participant, by what it reports. */
  @JsonInclude(Include.NON_NULL)
  public record Down(
      int sections,
      long packets,
      long lost,
      double lossPercent,
      double jitterMs,
      @Nullable Double roundTripMs,
      @Nullable Double mos) {}

  /** What there was, and for how long. */
  public record Trouble(String fault, long lastedMs) {}

  /**
   * @param sentence about him, or to him
   */
  public static LegBody of(ServerReply.Leg leg, String sentence) {
    LegReport report = leg.report();
    IsoTime at = new IsoTime(leg.at());
    return new LegBody(
        report.peer().value(),
        report.info().contact(),
        report.info().displayName(),
        report.info().useragent(),
        report.live(),
        report.stage().name().toLowerCase(Locale.ROOT),
        new IsoTime(leg.at().minusMillis(report.ageMs())),
        report.live() ? null : at,
        report.live() ? null : report.ended(),
        report.fault().label(),
        report.fault().effect().label(),
        sentence,
        path(report),
        up(report),
        down(report),
        report.troubles().stream()
            .map(trouble -> new Trouble(trouble.fault().label(), trouble.lastedMs()))
            .toList());
  }

  private static Path path(LegReport report) {
    LegFigures figures = report.figures();
    return new Path(
        report.local().isEmpty() ? null : report.local(),
        report.remote().isEmpty() ? null : report.remote(),
        figures.checks(),
        figures.packetsIn(),
        figures.authenticationFailures(),
        figures.quietMs());
  }

  private static Up up(LegReport report) {
    LegFigures.Up up = report.figures().up();
    return new Up(
        up.microphone(),
        up.muted(),
        up.talking(),
        up.levelDbov() == LegFigures.NO_LEVEL ? null : up.levelDbov(),
        up.packets(),
        up.forwarded(),
        up.lost(),
        round(report.lossUpPercent()),
        up.repaired(),
        up.late(),
        up.wrongCodec(),
        up.refused(),
        round(up.jitterMs()),
        known(report.mosUp()));
  }

  private static Down down(LegReport report) {
    LegFigures.Down down = report.figures().down();
    return new Down(
        down.sections(),
        down.packets(),
        down.lost(),
        round(down.lossPercent()),
        round(down.jitterMs()),
        known(down.roundTripMs()),
        known(report.mosDown()));
  }

  private static @Nullable Double known(double value) {
    return value < 0 ? null : round(value);
  }

  /** More digits would be noise. */
  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
