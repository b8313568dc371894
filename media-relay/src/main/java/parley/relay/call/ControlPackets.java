package parley.relay.call;

import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.Rtcp;
import parley.relay.rtp.RtcpReader;
import parley.relay.srtp.PacketBuffer;

/** RTCP of one call, both ways: reports, goodbyes, and what is asked for again. */
final class ControlPackets {

  private final Reports reports;
  private final Repair repair;
  private final Instant created;
  private final RtcpReader rtcp = new RtcpReader();
  private @Nullable WallClock clock;

  /**
   * @param created when the call was: NTP time begins there
   */
  ControlPackets(CallOutput output, RandomGenerator random, String cname, Instant created) {
    this.reports = new Reports(output, random, cname);
    this.repair = new Repair(output, cname);
    this.created = created;
  }

  /** When a peer is due its next report. */
  long nextNs(long nowNs) {
    return reports.nextNs(nowNs);
  }

  /** A plain compound packet of a peer. */
  void onPacket(RelayPeer from, PacketBuffer packet, RtpSink sink, long nowNs) {
    rtcp.wrap(packet);
    while (rtcp.next()) {
      switch (rtcp.type()) {
        case Rtcp.SENDER_REPORT -> {
          onSenderReport(from, sink, nowNs);
          reports.onBlocks(from, rtcp, clock(nowNs), nowNs);
        }
        case Rtcp.RECEIVER_REPORT -> reports.onBlocks(from, rtcp, clock(nowNs), nowNs);
        case Rtcp.BYE -> onBye(from);
        case Rtcp.TRANSPORT_FEEDBACK -> repair.onNack(from, rtcp);
        default -> {} // SDES names the client's end; payload feedback is for video
      }
    }
  }

  private void onSenderReport(RelayPeer from, RtpSink sink, long nowNs) {
    if (!rtcp.hasSenderInfo() || !from.uplink().isCurrent(rtcp.ssrc())) {
      return;
    }
    from.uplink().onSenderReport(rtcp.ntp(), nowNs);
    if (!from.muted()) {
      int timestamp = from.uplink().opusTime(rtcp.rtpTimestamp());
      sink.senderReport(from.id(), rtcp.ntp(), timestamp, nowNs);
    }
  }

  /** The end of a stream, not of the peer: a client changes its stream without leaving. */
  private void onBye(RelayPeer from) {
    for (int i = 0; i < rtcp.byeCount(); i++) {
      from.uplink().onBye(rtcp.byeSsrc(i));
    }
  }

  /** About every 20 ms: what is due to a peer. */
  void onTick(RelayPeer peer, long nowNs) {
    if (!peer.connected()) {
      return;
    }
    repair.ask(peer, nowNs);
    repair.tellArrivals(peer, nowNs);
    if (nowNs - peer.nextReportNs >= 0) {
      peer.nextReportNs = reports.nextNs(nowNs);
      reports.send(peer, clock(nowNs), nowNs);
    }
  }

  private WallClock clock(long nowNs) {
    WallClock running = clock;
    if (running == null) {
      running = new WallClock(created, nowNs);
      clock = running;
    }
    return running;
  }
}
