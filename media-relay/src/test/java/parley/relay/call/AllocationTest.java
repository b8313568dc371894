package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.RelayEvent;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.srtp.PacketBuffer;

class AllocationTest {

  private static final int PACKETS = 20_000;

  /**
   * Room for what the JVM itself puts on this thread; one object a packet would be ten times it.
   */
  private static final long NOISE_BYTES = 2L * PACKETS;

  private final PacketBuffer outgoing = new PacketBuffer();
  private long sent;

  private final CallOutput output =
      new CallOutput() {
        @Override
        public PacketBuffer acquire() {
          return outgoing;
        }

        @Override
        public void sendRtp(RelayPeer to, PacketBuffer packet) {
          sent++;
        }

        @Override
        public void sendRtcp(RelayPeer to, PacketBuffer packet) {}

        @Override
        public void event(RelayEvent event) {}
      };

  @Test
  void forwardingAPacketAllocatesNothing() {
    var call =
        new RelayCall(
            new CallId("c"), new CallInfo("t", "g", "", Instant.EPOCH), 3, output, new Random(1));
    RelayPeer[] peers = new RelayPeer[10];
    for (int i = 0; i < peers.length; i++) {
      String contact = Character.toString('a' + i);
      peers[i] = call.offer(new PeerId("p" + i), Stage.info(contact), Offers.client(3), false, 0);
      call.connected(peers[i].id(), 0);
    }
    speak(call, peers, 0);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    speak(call, peers, PACKETS);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sent).isGreaterThan(2L * PACKETS);
    assertThat(allocated).isLessThan(NOISE_BYTES);
  }

  private void speak(RelayCall call, RelayPeer[] peers, int from) {
    var packet = new PacketBuffer();
    var header = new OutgoingHeader(7, 111, 1, 0, "");
    for (int i = from; i < from + PACKETS; i++) {
      // Speakers take turns, so that slots are assigned anew again and again.
      int speaker = i / 100 % peers.length;
      packet.offset = 0;
      packet.length = 80 + header.write(packet.data, 0, false, i & 0xFFFF, i * 960, 0, 30);
      call.onRtp(peers[speaker], packet, i * 20_000_000L);
    }
  }
}
