package parley.relay.call;

import org.jspecify.annotations.Nullable;
import parley.relay.mix.LevelMeter;
import parley.relay.mix.TelephoneUplink;
import parley.relay.opus.Opus;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.MissingPackets;
import parley.relay.rtp.OpusToc;
import parley.relay.rtp.PacketHistory;
import parley.relay.rtp.RtpPacket;
import parley.relay.rtp.RtpTime;
import parley.relay.rtp.StreamStats;
import parley.relay.rtp.TransportFeedback;

/**
 * What comes from one peer: one stream at a time, as Opus. Refuses everything else at the door,
 * counted by reason, and keeps the numbers that reports and diagnosis need.
 */
public final class Uplink {

  /** Ethernet's 1500 bytes less headers; what is rewritten still fits its buffer. */
  static final int MAX_PAYLOAD_BYTES = 1400;

  /**
   * A stream of another SSRC takes over only when the current one has been silent for so long: a
   * flood of SSRCs changes nothing, and a restarted encoder is cut for half a second at worst.
   */
  static final long QUIET_NS = 500_000_000L;

  /**
   * A packet larger than this carries more than comfort noise: Opus codes digital silence in 3
   * bytes and quiet rooms in about a dozen, speech at 16 kbit/s and up in 40 and more.
   */
  static final int COMFORT_BYTES = 20;

  /** The level, −dBov, that such a packet counts as when nothing can be measured. */
  static final int ASSUMED_LEVEL = 40;

  /**
   * What a packet costs: its sender may send 500 a second in the long run. The shortest frames of
   * Opus make 400, all that any client of ours makes is 50; each is encrypted once for everybody in
   * the call.
   */
  private static final long PACKET_COST_NS = 2_000_000L;

  /** 200 packets at once: four seconds of audio that the network held up. */
  private static final long MAX_CREDIT_NS = 200 * PACKET_COST_NS;

  /** More silent than silence: no packet said, or was measured. */
  private static final int NOTHING_HEARD = AudioLevel.SILENCE + 1;

  private StreamStats stats = new StreamStats(OpusToc.CLOCK_HZ);
  private final long[] drops = new long[Drop.values().length];
  private int payloadType = -1;
  private int levelId;
  private int announcedSsrc;
  private boolean heard;
  private boolean changeable; // the next other SSRC is welcome at once
  private int ssrc;
  private long lastNs;
  private long packets;
  private long octets;
  private int lastSenderReport;
  private long lastSenderReportNs;
  private boolean ssrcChanged;
  private int levelByte = AudioLevel.ABSENT;
  private int heardLevelByte = AudioLevel.ABSENT;
  private boolean withheld; // something of late, for the device was muted
  private int withheldSequence;
  private long creditNs = MAX_CREDIT_NS;
  private long creditedNs;
  private @Nullable PacketHistory history;
  private @Nullable LevelMeter meter;
  private AudioCodec codec = AudioCodec.OPUS;
  private @Nullable TelephoneUplink telephone;
  private int redType = -1;
  private @Nullable MissingPackets missing;
  private long forwarded;
  private long repaired;
  private int loudest = NOTHING_HEARD; // since it was taken
  private @Nullable TransportFeedback arrivals;
  private int transportId;

  /** A first or a further offer says what will come; another SSRC may come with it. */
  void negotiate(@Nullable SdpSection microphone) {
    payloadType = microphone == null ? -1 : microphone.payloadType();
    codec(microphone == null ? AudioCodec.OPUS : microphone.codec());
    redType = microphone == null ? -1 : microphone.red();
    missing = microphone != null && microphone.nack() ? new MissingPackets() : null;
    transportId =
        microphone != null && microphone.transportCc()
            ? microphone.transportExtension().idFromClient()
            : 0;
    arrivals = transportId == 0 ? null : new TransportFeedback();
    levelId = microphone == null ? 0 : microphone.level().idFromClient();
    announcedSsrc = microphone == null ? 0 : microphone.ssrc();
    changeable = true;
  }

  /** What comes is what another relay has let in. */
  void far() {
    payloadType = 0;
  }

  /**
   * A packet from another relay, which knows best when a stream ends and another begins.
   *
   * @param level its audio level's byte
   * @return why it goes no further; null when it does
   */
  @Nullable Drop admitFar(RtpPacket packet, int level, long nowNs) {
    changeable = true;
    Drop drop = admit(packet, false, nowNs);
    levelByte = level;
    return drop;
  }

  private void codec(AudioCodec offered) {
    if (offered == codec) {
      return;
    }
    codec = offered;
    stats = new StreamStats(offered.clockHz);
    telephone =
        offered == AudioCodec.OPUS || !Opus.isAvailable() ? null : new TelephoneUplink(offered);
  }

  /** Whether there is a microphone at all. */
  boolean sends() {
    return payloadType >= 0;
  }

  /**
   * The door: what passes is counted and measured; a muted peer's packets are measured too, for its
   * reports must not show them as lost.
   *
   * @return why the packet goes no further; null when it does
   */
  @Nullable Drop admit(RtpPacket packet, boolean muted, long nowNs) {
    ssrcChanged = false;
    if (payloadType < 0) {
      return Drop.NO_MICROPHONE;
    }
    if (packet.payloadType() != payloadType && packet.payloadType() != redType) {
      return Drop.PAYLOAD_TYPE;
    }
    if (packet.payloadLength() == 0 || packet.payloadLength() > MAX_PAYLOAD_BYTES) {
      return Drop.PAYLOAD_SIZE;
    }
    if (!isCurrent(packet.ssrc(), nowNs)) {
      return Drop.SSRC;
    }
    if (isFlood(nowNs)) {
      return Drop.FLOOD;
    }
    lastNs = nowNs;
    packets++;
    octets += packet.payloadLength();
    stats.on(packet.sequence(), packet.timestamp(), nowNs);
    levelByte = AudioLevel.read(packet, levelId);
    int transportSequence = packet.extension16(transportId);
    if (arrivals != null && transportSequence >= 0) {
      arrivals.on(transportSequence, nowNs);
    }
    if (missing != null) {
      missing.on(packet.sequence(), nowNs);
    }
    if (!muted) {
      return null;
    }
    if (levelByte != AudioLevel.ABSENT) {
      loudest = Math.min(loudest, AudioLevel.level(levelByte));
    }
    withheld = true;
    withheldSequence = packet.sequence();
    return Drop.MUTED;
  }

  /**
   * Makes an admitted packet Opus, if it is not.
   *
   * @param packet is the Opus packet afterwards
   * @return false when that is not possible
   */
  boolean toOpus(RtpPacket packet) {
    if (codec == AudioCodec.OPUS) {
      return true;
    }
    int length =
        telephone == null
            ? 0
            : telephone.encode(packet.data(), packet.payloadOffset(), packet.payloadLength());
    if (telephone == null || length == 0) {
      return false;
    }
    if (levelByte == AudioLevel.ABSENT) {
      levelByte = telephone.level();
    }
    packet.replace(packet.sequence(), opusTime(packet.timestamp()), telephone.packet(), 0, length);
    return true;
  }

  /** Whether the packet has copies of earlier ones in it. */
  boolean isRed(RtpPacket packet) {
    return redType >= 0 && packet.payloadType() == redType;
  }

  /** Of the packets without copies. */
  int payloadType() {
    return payloadType;
  }

  /** Whether that packet of the current stream never came, and is not too old to be of use. */
  boolean lacks(int sequence, int timestamp) {
    return history != null
        && !ssrcChanged
        && !history.isEmpty()
        && (short) (sequence - history.oldestEver()) > 0
        && !(history.has(sequence) && history.timestamp(sequence) == timestamp)
        && (short) (sequence - history.newest()) > -PacketHistory.CAPACITY
        // Copies of what was said while muted are never heard.
        && !(withheld && (short) (sequence - withheldSequence) <= 0);
  }

  /** What to ask the client for again; null when it did not agree to that. */
  @Nullable MissingPackets missing() {
    return missing;
  }

  /** When its packets came, to be told; null when it did not agree to that. */
  @Nullable TransportFeedback arrivals() {
    return arrivals;
  }

  /** A timestamp of the client's on Opus' clock. */
  int opusTime(int timestamp) {
    return codec == AudioCodec.OPUS ? timestamp : timestamp * TelephoneUplink.TICKS_A_SAMPLE;
  }

  /** Keeps the packet for who needs it a moment later. */
  void remember(RtpPacket packet) {
    if (history == null) {
      history = new PacketHistory();
    } else if (ssrcChanged) {
      history.clear();
    }
    history.put(packet);
    if (missing != null) {
      missing.on(packet.sequence(), lastNs);
    }
    withheld &= (short) (packet.sequence() - withheldSequence) <= PacketHistory.CAPACITY;
  }

  /** The newest packets of the current stream; null before the first. */
  @Nullable PacketHistory history() {
    return history;
  }

  private boolean isFlood(long nowNs) {
    creditNs = Math.min(MAX_CREDIT_NS, creditNs + Math.max(0, nowNs - creditedNs));
    creditedNs = nowNs;
    if (creditNs < PACKET_COST_NS) {
      return true;
    }
    creditNs -= PACKET_COST_NS;
    return false;
  }

  private boolean isCurrent(int candidate, long nowNs) {
    if (heard && candidate == ssrc) {
      return true;
    }
    boolean announced = announcedSsrc != 0 && candidate == announcedSsrc;
    if (heard && !changeable && !announced && nowNs - lastNs < QUIET_NS) {
      return false;
    }
    ssrcChanged = heard;
    heard = true;
    changeable = false;
    ssrc = candidate;
    lastSenderReport = 0;
    stats.reset();
    if (missing != null) {
      missing.reset();
    }
    return true;
  }

  /** Whether the packet admitted last began another stream than the one before. */
  boolean ssrcChanged() {
    return ssrcChanged;
  }

  /** The audio level's byte of the packet that {@link #level} saw last: as it says, or measured. */
  int levelByte() {
    return heardLevelByte;
  }

  /** How loud the packet admitted last is, −dBov: as it says, or measured by decoding it. */
  int level(RtpPacket packet) {
    heardLevelByte = levelByte == AudioLevel.ABSENT ? measured(packet) : levelByte;
    int level = AudioLevel.level(heardLevelByte);
    loudest = Math.min(loudest, level);
    return level;
  }

  /** The loudest packet since this was last asked for, −dBov; above 127: there was none. */
  int takeLoudest() {
    int taken = loudest;
    loudest = NOTHING_HEARD;
    return taken;
  }

  /** The packet went to at least one other, alone or in the mix. */
  void onForwarded() {
    forwarded++;
  }

  long forwarded() {
    return forwarded;
  }

  /** A lost packet was taken from a later one. */
  void onRepaired() {
    repaired++;
  }

  long repaired() {
    return repaired;
  }

  private int measured(RtpPacket packet) {
    if (!Opus.isAvailable()) {
      return packet.payloadLength() > COMFORT_BYTES ? ASSUMED_LEVEL : AudioLevel.SILENCE;
    }
    if (meter == null || ssrcChanged) {
      meter = new LevelMeter();
    }
    return meter.level(packet.data(), packet.payloadOffset(), packet.payloadLength());
  }

  void drop(Drop reason) {
    drops[reason.ordinal()]++;
  }

  /** The stream was said good bye to (RFC 3550 §6.6): another may follow at once. */
  void onBye(int byeSsrc) {
    changeable |= isCurrent(byeSsrc);
  }

  void onSenderReport(long ntp, long nowNs) {
    lastSenderReport = RtpTime.compactNtp(ntp);
    lastSenderReportNs = nowNs;
  }

  boolean isCurrent(int candidate) {
    return heard && ssrc == candidate;
  }

  /** Whether anything of the current stream has come. */
  public boolean heard() {
    return heard;
  }

  /** Of the current stream; meaningless before {@link #heard}. */
  public int ssrc() {
    return ssrc;
  }

  /** Loss and jitter of the current stream. */
  public StreamStats stats() {
    return stats;
  }

  /** Packets that belong to the stream, muted ones too, since the peer joined. */
  public long packets() {
    return packets;
  }

  /** Payload bytes of {@link #packets}. */
  public long octets() {
    return octets;
  }

  /** When the last of them came; 0 before the first. */
  public long lastNs() {
    return lastNs;
  }

  public long dropped(Drop reason) {
    return drops[reason.ordinal()];
  }

  /** LSR of a report block (RFC 3550 §6.4.1); 0: no sender report yet. */
  int lastSenderReport() {
    return lastSenderReport;
  }

  /** DLSR of a report block. */
  int delaySinceLastSenderReport(long nowNs) {
    return lastSenderReport == 0 ? 0 : RtpTime.compactSpan(nowNs - lastSenderReportNs);
  }
}
