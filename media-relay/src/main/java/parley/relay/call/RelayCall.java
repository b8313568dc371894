package parley.relay.call;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.srtp.PacketBuffer;

/** One call's media: who forwards to whom. Owned by its media loop. */
public final class RelayCall {

  public RelayCall(
      CallId id, CallInfo info, int loudest, CallOutput output, RandomGenerator random) {}

  /** A device joins, or offers again and keeps its track and its slots. */
  public RelayPeer offer(PeerId id, PeerInfo info, SdpOffer offer, boolean muted, long nowNs) {
    throw new UnsupportedOperationException();
  }

  public @Nullable RelayPeer peer(PeerId id) {
    throw new UnsupportedOperationException();
  }

  /** The media path to this peer is up: what the others say goes to it from now on. */
  public void connected(PeerId id, long nowNs) {
    throw new UnsupportedOperationException();
  }

  public void mute(PeerId id, boolean muted, long nowNs) {
    throw new UnsupportedOperationException();
  }

  public void leave(PeerId id, String reason, long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** A plain RTP packet of a peer; the buffer stays the caller's and is left as it is. */
  public void onRtp(RelayPeer from, PacketBuffer packet, long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** A plain compound RTCP packet of a peer; the buffer stays the caller's. */
  public void onRtcp(RelayPeer from, PacketBuffer packet, long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** About every 20 ms. */
  public void onTick(long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** From now on everything goes to this sink too; {@link RtpSink#NONE} ends that. */
  public void sink(RtpSink sink, long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** How many peers are in the call. */
  public int size() {
    throw new UnsupportedOperationException();
  }
}
