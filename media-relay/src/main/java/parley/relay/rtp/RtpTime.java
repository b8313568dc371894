package parley.relay.rtp;

/** Conversions between the loop's monotonic time and the clocks of RTP and RTCP. */
public final class RtpTime {

  /** Seconds from NTP's epoch, 1900, to Unix's. */
  private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;

  private static final long SECOND_NS = 1_000_000_000L;

  private RtpTime() {}

  /** A span in ticks of a clock; exact, and without overflow for any span. */
  public static long ticks(long ns, int clockHz) {
    return ns / SECOND_NS * clockHz + ns % SECOND_NS * clockHz / SECOND_NS;
  }

  /**
   * A 64-bit NTP time (RFC 3550 §4).
   *
   * @param unixNs nanoseconds since 1970
   */
  public static long ntp(long unixNs) {
    long seconds = Math.floorDiv(unixNs, SECOND_NS) + NTP_TO_UNIX_SECONDS;
    return seconds << 32 | (Math.floorMod(unixNs, SECOND_NS) << 32) / SECOND_NS;
  }

  /** The middle 32 bits of an NTP time, as LSR carries it: 1/65536 s (RFC 3550 §4). */
  public static int compactNtp(long ntp) {
    return (int) (ntp >>> 16);
  }

  /** A span in 1/65536 s, as DLSR carries it; positive spans up to 65535 s. */
  public static int compactSpan(long ns) {
    return (int) ticks(ns, 1 << 16);
  }

  /** Nanoseconds of a span in 1/65536 s. */
  public static long ofCompactSpan(int span) {
    return ((span & 0xFFFF_FFFFL) * SECOND_NS) >>> 16;
  }
}
