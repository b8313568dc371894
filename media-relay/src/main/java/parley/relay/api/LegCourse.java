package parley.relay.api;

import java.util.List;

/**
 * How a leg went: when its set-up came how far, what there was to tell of it when, and how good it
 * was all along. Times are milliseconds since the leg began; {@link #NEVER}: not so far.
 *
 * @param kind of the client's address: host, srflx, prflx or relay; empty: there is none
 * @param checkedMs the first connectivity check
 * @param handshakingMs DTLS began
 * @param connectedMs DTLS was done
 * @param audioMs the first audio came
 * @param turns each change of what there was to tell, in order; the oldest are forgotten
 */
public record LegCourse(
    String kind,
    long checkedMs,
    long handshakingMs,
    long connectedMs,
    long audioMs,
    List<Turn> turns,
    Curve curve) {

  public static final long NEVER = -1;

  /** Of a leg that never was. */
  public static final LegCourse NONE =
      new LegCourse("", NEVER, NEVER, NEVER, NEVER, List.of(), Curve.EMPTY);

  /** From then on this was the fault to tell. */
  public record Turn(long atMs, Fault fault) {}

  public LegCourse {
    turns = List.copyOf(turns);
  }
}
