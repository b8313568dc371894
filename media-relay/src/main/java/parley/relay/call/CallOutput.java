package parley.relay.call;

import parley.relay.api.RelayEvent;
import parley.relay.srtp.PacketBuffer;

/**
 * Where a {@link RelayCall} puts what it decides: the driver around it protects and sends, or, in a
 * simulation, looks. Called on the call's media loop only.
 */
public interface CallOutput {

  /** A buffer to write the next outgoing packet into; it goes back with the next send. */
  PacketBuffer acquire();

  /** Sends a plain RTP packet to one peer; takes the buffer back. */
  void sendRtp(RelayPeer to, PacketBuffer packet);

  /** Sends a plain compound RTCP packet to one peer; takes the buffer back. */
  void sendRtcp(RelayPeer to, PacketBuffer packet);

  void event(RelayEvent event);
}
