package parley.relay.call;

import java.time.Instant;
import parley.relay.rtp.RtpTime;

/**
 * NTP time of sender reports, from the monotonic time of a loop. It begins at the instant the call
 * was created, so it may be off by the moment between that and the first packet; only differences
 * matter to a receiver.
 */
final class WallClock {

  private final long startUnixNs;
  private final long startNs;

  WallClock(Instant start, long startNs) {
    this.startUnixNs = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    this.startNs = startNs;
  }

  long ntp(long nowNs) {
    return RtpTime.ntp(startUnixNs + (nowNs - startNs));
  }
}
