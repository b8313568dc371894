package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataPathAllocationTest {

  private static final int PACKETS = 20_000;

  /** Room for what the JVM itself puts on this thread. */
  private static final long NOISE_BYTES = 2L * PACKETS;

  private final TestClient requests = new TurnStage().client();
  private long sent;
  private @Nullable Relay relay;

  private final ClientLink link =
      new ClientLink() {
        @Override
        public boolean isStream() {
          return false;
        }

        @Override
        public void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes) {
          sent++;
          last = data;
          lastLength = lengthBytes;
        }
      };

  private byte[] last = {};
  private int lastLength;

  private final RelaySockets sockets =
      new RelaySockets() {
        @Override
        public RelaySocket open(InetSocketAddress local, Relay opened) {
          relay = opened;
          return new RelaySocket() {

            @Override
            public void send(
                InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean df) {
              sent++;
            }

            @Override
            public void close() {}
          };
        }

        @Override
        public boolean canForbidFragments() {
          return true;
        }
      };

  @Test
  void relayingAPacketAllocatesNothing() {
    var server =
        new TurnServer(
            SettingsForTest.usual().bandwidth(1L << 50, 1L << 50).build(),
            sockets,
            OwnMedia.NONE,
            InstantSource.system(),
            new TurnMeter(),
            0);
    InetSocketAddress client = TurnStage.at("203.0.113.5", 40_000);
    ask(server, client, TestMessage.allocate());
    requests.nonce = new TestAnswer(Arrays.copyOf(last, lastLength)).text(0x0015);
    ask(server, client, requests.signed(TestMessage.allocate()));
    ask(server, client, requests.signed(TestMessage.channelBind(0x4000, TurnStage.PEER)));
    ask(server, client, requests.signed(TestMessage.createPermission().peer(TurnStage.OTHER_PEER)));
    byte[] channelData = TestClient.channelData(0x4000, new byte[160]);
    byte[] indication =
        TestMessage.sendIndication().peer(TurnStage.OTHER_PEER).data(new byte[160]).bytes();
    byte[] room = new byte[2048];
    Relay open = Objects.requireNonNull(relay);
    long warm = relay(server, open, client, room, channelData, indication);
    assertThat(warm).isNotNegative();
    sent = 0;
    long allocated = relay(server, open, client, room, channelData, indication);
    assertThat(sent).isEqualTo(4L * PACKETS);
    assertThat(allocated).isLessThan(NOISE_BYTES);
  }

  private long relay(
      TurnServer server,
      Relay open,
      InetSocketAddress client,
      byte[] room,
      byte[] channelData,
      byte[] indication) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int at = TurnServer.HEADROOM_BYTES;
    for (int i = 0; i < PACKETS; i++) {
      System.arraycopy(channelData, 0, room, at, channelData.length);
      server.onClientMessage(link, client, room, at, channelData.length, i);
      System.arraycopy(indication, 0, room, at, indication.length);
      server.onClientMessage(link, client, room, at, indication.length, i);
      server.onPeerDatagram(open, TurnStage.PEER, room, at, 160, i);
      server.onPeerDatagram(open, TurnStage.OTHER_PEER, room, at, 160, i);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void ask(TurnServer server, InetSocketAddress client, TestMessage message) {
    byte[] bytes = message.bytes();
    byte[] room = new byte[2048];
    System.arraycopy(bytes, 0, room, TurnServer.HEADROOM_BYTES, bytes.length);
    server.onClientMessage(link, client, room, TurnServer.HEADROOM_BYTES, bytes.length, 0);
  }
}
