package parley.relay.net;

import java.net.InetSocketAddress;
import parley.relay.srtp.PacketBuffer;

/** Takes what a {@link UdpPort} brings, on the port's event loop. */
interface UdpReceiver {

  /**
   * One datagram.
   *
   * @param packet the port's own buffer, free to work in until this returns
   */
  void onDatagram(UdpPort port, InetSocketAddress remote, PacketBuffer packet);

  /** No more for now: flush. */
  void onBatchEnd();
}
