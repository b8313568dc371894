package parley.relay.call;

import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;
import parley.relay.trunk.TrunkFrame;

/**
 * Who of those here goes to the call's other relays: the loudest of who speaks, each packet once.
 * They rank them together with their own. Nobody from elsewhere is among them, so nothing goes
 * round. Owned by its {@link RelayCall}.
 */
final class NearVoices {

  private final int loudest;
  private final CallOutput output;
  private final SpeakerSelector ranking = new SpeakerSelector();
  private boolean linked;

  NearVoices(int loudest, CallOutput output) {
    this.loudest = loudest;
    this.output = output;
  }

  /** Whether there are other relays. */
  void linked(boolean on) {
    linked = on;
  }

  /** Somebody came, went, was muted, or changed his sections. */
  void onMember(RelayPeer peer) {
    boolean ranked = peer.near.rank >= 0;
    if (peer.speaks() && !ranked) {
      ranking.add(peer.near);
    } else if (!peer.speaks() && ranked) {
      ranking.remove(peer.near);
      end(peer);
    }
  }

  /** A packet of somebody here, whose level was read. */
  void onPacket(RelayPeer from, RtpPacket packet, int level, long nowNs) {
    if (!linked || from.near.rank < 0) {
      return;
    }
    int _ = ranking.heard(from.near, level, nowNs);
    if (from.near.rank >= loudest || !from.near.speaking(nowNs)) {
      end(from);
      return;
    }
    from.wentFar = true;
    PacketBuffer buffer = output.acquire();
    boolean fits =
        TrunkFrame.voice(
            buffer, from.id().value(), from.info().contact(), from.uplink().levelByte(), packet);
    send(buffer, fits);
  }

  /** Ends those who send nothing any more. */
  void onTick(RelayPeer[] peers, long nowNs) {
    for (RelayPeer peer : peers) {
      if (peer.wentFar && !peer.near.speaking(nowNs)) {
        end(peer);
      }
    }
  }

  private void end(RelayPeer peer) {
    if (peer.wentFar) {
      peer.wentFar = false;
      PacketBuffer buffer = output.acquire();
      send(buffer, TrunkFrame.silent(buffer, peer.id().value(), peer.info().contact()));
    }
  }

  private void send(PacketBuffer frame, boolean fits) {
    if (!fits) {
      frame.length = 0; // a name that no peer has: goes back unsent
    }
    output.sendFar(frame);
  }
}
