package parley.relay.call;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.rtp.RtpTime;
import parley.relay.rtp.StreamStats;
import parley.relay.srtp.PacketBuffer;

/**
 * RTCP between the relay and each peer (RFC 3550 §6.4): sender reports for the slots in use, one
 * block about the peer's uplink, and what the peer reports about its slots.
 */
final class Reports {

  /** Two seconds on average: quick enough to see trouble, and a small part of the voice's rate. */
  private static final long INTERVAL_NS = 2_000_000_000L;

  /** Sender reports and descriptions of so many slots stay below 700 bytes. */
  private static final int SLOTS_A_PACKET = 8;

  /** A longer round trip is a mistake in the numbers. */
  private static final long MAX_RTT_NS = 60_000_000_000L;

  private final CallOutput output;
  private final RandomGenerator random;
  private final byte[] cname;

  Reports(CallOutput output, RandomGenerator random, String cname) {
    this.output = output;
    this.random = random;
    this.cname = cname.getBytes(StandardCharsets.US_ASCII);
  }

  /** Between half and one and a half of the interval, so that peers do not fall in step (§6.2). */
  long nextNs(long nowNs) {
    return nowNs + random.nextLong(INTERVAL_NS / 2, INTERVAL_NS * 3 / 2);
  }

  /** Sends what is due to one peer; nothing when nothing flows. */
  void send(RelayPeer to, WallClock clock, long nowNs) {
    boolean block = to.uplink().heard();
    Compound compound = null;
    for (int i = 0; i < to.slots().size(); i++) {
      Slot slot = to.slots().at(i);
      if (!slot.takeSentSinceReport()) {
        continue;
      }
      if (compound == null || compound.full()) {
        send(compound, to);
        compound = new Compound(output.acquire());
      }
      compound.sender(slot, clock, nowNs);
      if (block) {
        compound.block(to.uplink(), nowNs);
        block = false;
      }
    }
    if (block) { // nothing is sent to it, but it sends
      compound = new Compound(output.acquire());
      compound.receiver(to.reporterSsrc());
      compound.block(to.uplink(), nowNs);
    }
    send(compound, to);
  }

  private void send(@Nullable Compound compound, RelayPeer to) {
    if (compound != null) {
      output.sendRtcp(to, compound.finish());
    }
  }

  /** Every report block of the reader's packet that is about one of the peer's slots. */
  void onBlocks(RelayPeer from, RtcpReader reader, WallClock clock, long nowNs) {
    for (int i = 0; i < reader.blocks(); i++) {
      Slot slot = from.slots().withSsrc(reader.blockSsrc(i));
      if (slot != null) {
        slot.onReport(
            reader.fractionLost(i),
            reader.cumulativeLost(i),
            reader.extendedHighest(i),
            reader.jitter(i),
            rttNs(reader, i, clock, nowNs),
            nowNs);
      }
    }
  }

  /** RFC 3550 §6.4.1: A − LSR − DLSR; −1 when it cannot be told. */
  private static long rttNs(RtcpReader reader, int block, WallClock clock, long nowNs) {
    int lastReport = reader.lastSenderReport(block);
    if (lastReport == 0) {
      return -1;
    }
    int span =
        RtpTime.compactNtp(clock.ntp(nowNs))
            - lastReport
            - reader.delaySinceLastSenderReport(block);
    long rttNs = RtpTime.ofCompactSpan(span);
    return rttNs > MAX_RTT_NS ? -1 : rttNs;
  }

  /** One compound packet: reports first, then who they are from (§6.1). */
  private final class Compound {
    private final PacketBuffer buffer;
    private final RtcpWriter writer;
    private final int[] ssrcs = new int[SLOTS_A_PACKET];
    private int size;

    Compound(PacketBuffer buffer) {
      this.buffer = buffer;
      this.writer = new RtcpWriter(buffer);
    }

    boolean full() {
      return size == SLOTS_A_PACKET;
    }

    void sender(Slot slot, WallClock clock, long nowNs) {
      ssrcs[size++] = slot.ssrc();
      writer.senderReport(
          slot.ssrc(), clock.ntp(nowNs), slot.timestampAt(nowNs), slot.packets(), slot.octets());
    }

    void receiver(int ssrc) {
      ssrcs[size++] = ssrc;
      writer.receiverReport(ssrc);
    }

    void block(Uplink uplink, long nowNs) {
      StreamStats stats = uplink.stats();
      writer.block(
          uplink.ssrc(),
          stats.takeFractionLost(),
          stats.cumulativeLost(),
          stats.extendedHighest(),
          stats.jitter(),
          uplink.lastSenderReport(),
          uplink.delaySinceLastSenderReport(nowNs));
    }

    PacketBuffer finish() {
      for (int i = 0; i < size; i++) {
        writer.cname(ssrcs[i], cname);
      }
      return buffer;
    }
  }
}
