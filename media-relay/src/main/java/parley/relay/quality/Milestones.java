package parley.relay.quality;

import parley.relay.api.LegCourse;

/**
 * When a leg came how far, in milliseconds since it began.
 *
 * @param checkedMs {@link LegCourse#NEVER}: it has not, as the others
 */
public record Milestones(long checkedMs, long handshakingMs, long connectedMs, long audioMs) {

  public static final Milestones NONE =
      new Milestones(LegCourse.NEVER, LegCourse.NEVER, LegCourse.NEVER, LegCourse.NEVER);
}
