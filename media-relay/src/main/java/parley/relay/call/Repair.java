package parley.relay.call;

import java.nio.charset.StandardCharsets;
import parley.relay.rtp.MissingPackets;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.rtp.TransportFeedback;
import parley.relay.srtp.PacketBuffer;

/**
 * What the network does to packets: what it lost and can still be had (generic NACK, RFC 4585
 * §6.2.1), asked of those who send and given to those who ask; and when packets came, for those who
 * adapt to it.
 */
final class Repair {

  private final CallOutput output;
  private final byte[] cname;

  Repair(CallOutput output, String cname) {
    this.output = output;
    this.cname = cname.getBytes(StandardCharsets.US_ASCII);
  }

  /** A peer asks for packets of one of its slots. */
  void onNack(RelayPeer from, RtcpReader rtcp) {
    Slot slot = rtcp.nacks() == 0 ? null : from.slots().withSsrc(rtcp.mediaSsrc());
    if (slot == null) {
      return;
    }
    slot.onNack();
    for (int i = 0; i < rtcp.nacks(); i++) {
      int first = rtcp.nackFirst(i);
      resend(from, slot, first);
      for (int rest = rtcp.nackFollowing(i); rest != 0; rest &= rest - 1) {
        resend(from, slot, first + 1 + Integer.numberOfTrailingZeros(rest) & 0xFFFF);
      }
    }
  }

  private void resend(RelayPeer to, Slot slot, int sequence) {
    if (to.connected() && slot.takeAgain(sequence)) {
      sendAgain(to, slot, sequence, output);
    }
  }

  /**
   * To be asked before a packet that a slot has accepted is written: who loses packets, and knows
   * no copies in them, gets the one before with it. To be asked for it first would take a round
   * trip, for which a browser's buffer is too short.
   */
  static void repeat(RelayPeer to, Slot slot, CallOutput output) {
    if (slot.repeats()) {
      sendAgain(to, slot, slot.before(), output);
    }
  }

  private static void sendAgain(RelayPeer to, Slot slot, int sequence, CallOutput output) {
    PacketBuffer buffer = output.acquire();
    slot.writeAgain(sequence, buffer);
    output.sendRtp(to, buffer);
  }

  /** Tells a peer when its packets came, if it agreed to that and some did. */
  void tellArrivals(RelayPeer peer, long nowNs) {
    TransportFeedback arrivals = peer.uplink().arrivals();
    if (arrivals == null || !arrivals.isDue(nowNs)) {
      return;
    }
    PacketBuffer buffer = output.acquire();
    int own = peer.reporterSsrc();
    RtcpWriter _ =
        new RtcpWriter(buffer)
            .receiverReport(own)
            .cname(own, cname)
            .feedback(own, peer.uplink().ssrc(), arrivals, nowNs);
    output.sendRtcp(peer, buffer);
  }

  /** Asks a peer for what is missing of its uplink, if it agreed to that. */
  void ask(RelayPeer peer, long nowNs) {
    MissingPackets missing = peer.uplink().missing();
    if (missing == null || !missing.poll(nowNs)) {
      return;
    }
    PacketBuffer buffer = output.acquire();
    int own = peer.reporterSsrc();
    RtcpWriter _ =
        new RtcpWriter(buffer)
            .receiverReport(own)
            .cname(own, cname)
            .nack(own, peer.uplink().ssrc(), missing.first(), missing.following());
    output.sendRtcp(peer, buffer);
  }
}
