package parley.signalling.servers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.Curve;
import parley.relay.api.LegCourse;
import parley.relay.api.LegFigures;
import parley.signalling.health.HealthBody;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.IsoTime;

/** What the operator's page is told; the keys are the names in snake_case. */
final class OperatorBody {

  private OperatorBody() {}

  /** How one can sign in, besides a token. */
  record Ways(boolean oidc) {}

  /** Where whoever has signed out is to sign out as well. */
  record Farewell(String at) {}

  /** Who has signed in. */
  record Session(String name, boolean mayAct, boolean mayDrain, String csrf) {}

  /**
   * What would become of this node's calls.
   *
   * @param others nodes that would take them over; none: they would end
   * @param handoverS how long that may take
   */
  record Ending(int others, int handoverS) {}

  /**
   * Everything at a glance.
   *
   * @param omitted calls that run and are not listed, because there are too many
   */
  record Overview(
      IsoTime now,
      NodeState node,
      HealthBody health,
      Ending ending,
      List<Call> calls,
      int omitted) {}

  /** A call that runs, with its connections as they are now. */
  record Call(CallBody call, List<LegBody> legs) {}

  /** One call in depth. */
  @JsonInclude(Include.NON_NULL)
  record Details(
      boolean live, @Nullable CallBody call, @Nullable Past past, IsoTime now, List<Leg> legs) {}

  /** A connection and how it went. */
  record Leg(LegBody leg, Course course) {
    static Leg of(ServerReply.Leg leg) {
      return new Leg(
          LegBody.of(leg, leg.report().sentence()), OperatorBody.course(leg.report().course()));
    }
  }

  /** See {@link LegCourse}; what has not been is left out. */
  @JsonInclude(Include.NON_NULL)
  record Course(
      String kind,
      @Nullable Long checkedMs,
      @Nullable Long handshakingMs,
      @Nullable Long connectedMs,
      @Nullable Long audioMs,
      List<Turn> turns,
      int stepMs,
      List<Point> points) {}

  /** From then on this was the fault to tell. */
  record Turn(long atMs, String fault, String effect, boolean intended) {}

  /** See {@link Curve.Point}; what is not known is left out. */
  @JsonInclude(Include.NON_NULL)
  record Point(
      double lossUp,
      double lossDown,
      double jitterMs,
      @Nullable Double roundTripMs,
      @Nullable Double mosUp,
      @Nullable Double mosDown,
      @Nullable Integer level,
      boolean talking,
      boolean muted) {}

  /** A call that is over. */
  @JsonInclude(Include.NON_NULL)
  record Past(
      String team,
      String uid,
      Object chat,
      IsoTime created,
      @Nullable IsoTime start,
      IsoTime finish,
      int participants,
      String reason,
      int legs,
      int troubled,
      @Nullable String fault,
      @Nullable String sentence) {
    static Past of(ServerReply.PastCall call) {
      return new Past(
          call.place().team().uid().toString(),
          call.summary().uid().value(),
          call.place().seenFromOutside(),
          call.summary().created(),
          call.summary().start(),
          call.summary().finish(),
          call.summary().participants().size(),
          call.summary().reason(),
          call.legs(),
          call.troubled(),
          call.worst() == null ? null : call.worst().report().fault().label(),
          call.worst() == null ? null : call.worst().report().sentence());
    }
  }

  /** Newest first. */
  record PastCalls(List<Past> calls) {}

  private static Course course(LegCourse course) {
    return new Course(
        course.kind(),
        reached(course.checkedMs()),
        reached(course.handshakingMs()),
        reached(course.connectedMs()),
        reached(course.audioMs()),
        course.turns().stream()
            .map(
                turn ->
                    new Turn(
                        turn.atMs(),
                        turn.fault().label(),
                        turn.fault().effect().label(),
                        turn.fault().isIntended()))
            .toList(),
        course.curve().stepMs(),
        course.curve().points().stream().map(OperatorBody::point).toList());
  }

  private static @Nullable Long reached(long atMs) {
    return atMs == LegCourse.NEVER ? null : atMs;
  }

  private static Point point(Curve.Point point) {
    return new Point(
        point.lossUpPercent(),
        point.lossDownPercent(),
        point.jitterMs(),
        known(point.roundTripMs()),
        known(point.mosUp()),
        known(point.mosDown()),
        point.levelDbov() == LegFigures.NO_LEVEL ? null : point.levelDbov(),
        point.talking(),
        point.muted());
  }

  private static @Nullable Double known(double value) {
    return value < 0 ? null : value;
  }
}
