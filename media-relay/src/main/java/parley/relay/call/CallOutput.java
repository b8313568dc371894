package parley.relay.call;

import org.jspecify.annotations.Nullable;
import parley.relay.api.RelayEvent;
import parley.relay.mix.MixerInput;
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

  /** Sends a frame to every other relay of the call; takes the buffer back. */
  default void sendFar(PacketBuffer frame) {}

  void event(RelayEvent event);

  /**
   * Starts a mixer for the call; what it makes comes back by {@link RelayCall#onMixed}. Null when
   * there is none to be had.
   */
  default @Nullable MixerInput openMixer() {
    return null;
  }

  /** The mixer is needed no longer. */
  default void closeMixer() {}
}
