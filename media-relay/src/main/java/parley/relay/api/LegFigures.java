package parley.relay.api;

/**
 * What the relay has counted about one leg, up to an instant. Of the path, since the leg began; of
 * the audio, since the device joined.
 *
 * @param checks authenticated connectivity checks that came
 * @param packetsIn RTP packets that authenticated
 * @param authenticationFailures SRTP and SRTCP that did not authenticate, was replayed or too short
 * @param controlIn RTCP packets that authenticated
 * @param quietMs since anything of the client's came, checks too
 * @param up what comes from the client
 * @param down what goes to it
 */
public record LegFigures(
    long checks,
    long packetsIn,
    long authenticationFailures,
    long controlIn,
    long quietMs,
    Up up,
    Down down) {

  /** The level of a stream that says nothing of its level, or of none. */
  public static final int NO_LEVEL = 1;

  /** Digital silence, in dBov. */
  public static final int SILENCE = -127;

  /** A time that is not known. */
  public static final double UNKNOWN = -1;

  /**
   * What comes from the client.
   *
   * @param microphone whether its offer has a section in which it sends
   * @param levelDbov the loudest packet of the last second or two, −127 (digital silence) to 0;
   *     {@link #NO_LEVEL}
   * @param packets that belong to its stream, muted ones too
   * @param expected of the current stream, by its sequence numbers
   * @param lost of the current stream, on the way; negative when packets came twice
   * @param late of the current stream: overtaken, repeated or sent again
   * @param repaired lost, and taken from a copy in a later packet (RFC 2198)
   * @param forwarded that went to at least one other, alone or in a mix
   * @param wrongCodec refused: not of the payload type agreed upon
   * @param refused for other reasons, but not for being muted
   * @param transitMs the shortest way of the last second or two, against an arbitrary clock: only
   *     its changes mean something; NaN when nothing came
   * @param jitterMs RFC 3550 §6.4.1
   */
  public record Up(
      boolean microphone,
      boolean muted,
      boolean talking,
      int levelDbov,
      long packets,
      long expected,
      long lost,
      long late,
      long repaired,
      long forwarded,
      long wrongCodec,
      long refused,
      double transitMs,
      double jitterMs) {}

  /**
   * What goes to the client, and what it says of that in its RTCP reports.
   *
   * @param sections in which it receives
   * @param packets RTP packets sent
   * @param acknowledgements how often the client has shown that some arrive: by a higher sequence
   *     number in a report, or by asking for one that is missing
   * @param lost of them, by its last reports
   * @param reportAgeMs of the newest report; {@link #UNKNOWN} before the first
   * @param lossPercent between its last two reports, of the stream that lost most
   * @param jitterMs of the stream with most
   * @param roundTripMs RFC 3550 §6.4.1; {@link #UNKNOWN} before the first report
   */
  public record Down(
      int sections,
      long packets,
      long acknowledgements,
      long lost,
      double reportAgeMs,
      double lossPercent,
      double jitterMs,
      double roundTripMs) {}
}
