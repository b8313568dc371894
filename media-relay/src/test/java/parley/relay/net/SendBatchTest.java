package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import parley.relay.LoopMeter;
import parley.relay.RelayMetrics;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.srtp.PacketBuffer;

/** Through a real socket, as a port's loop uses it. */
@EnabledOnOs(OS.LINUX)
class SendBatchTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final int PATIENCE_MS = 5_000;

  private final MultiThreadIoEventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, UdpTransport.EPOLL.ioHandlers());
  private final EventLoop loop = threads.next();
  private final LoopMeter meter = new RelayMetrics(new SimpleMeterRegistry()).loop(0);
  private final Random random = new Random(7);
  private final List<DatagramSocket> sockets = new ArrayList<>();
  private UdpPort port;

  @BeforeEach
  void bind() {
    port =
        UdpPort.bind(
            UdpTransport.EPOLL,
            loop,
            new InetSocketAddress(HERE, 0),
            new UdpReceiver() {
              @Override
              public void onDatagram(UdpPort at, InetSocketAddress from, PacketBuffer packet) {}

              @Override
              public void onBatchEnd() {}
            },
            meter,
            new RelayedPeers(List.of(), true),
            new ReceiveBatch());
  }

  @AfterEach
  void close() {
    port.close().awaitUninterruptibly();
    var _ = threads.shutdownGracefully();
    sockets.forEach(DatagramSocket::close);
  }

  @Test
  void bringsVoicesOfAllLengthsToEveryListener() throws Exception {
    List<DatagramSocket> listeners = List.of(listener(), listener(), listener());
    List<byte[]> voices = new ArrayList<>();
    for (int ssrc = 1; ssrc <= 20; ssrc++) {
      voices.add(voice(ssrc, 1, 20 + random.nextInt(200)));
    }

    onLoop(
        () -> {
          List<Destination> destinations = listeners.stream().map(this::destination).toList();
          for (byte[] voice : voices) {
            destinations.forEach(to -> port.send(voice, 0, voice.length, to));
          }
          port.flush();
        });

    for (DatagramSocket listener : listeners) {
      assertThat(heard(listener, voices.size())).containsExactlyInAnyOrderElementsOf(voices);
    }
  }

  @Test
  void keepsTheOrderOfEachVoice() throws Exception {
    DatagramSocket listener = listener();
    List<byte[]> first = new ArrayList<>();
    List<byte[]> second = new ArrayList<>();
    for (int sequence = 0; sequence < 10; sequence++) {
      first.add(voice(1, sequence, 20 + random.nextInt(200)));
      second.add(voice(2, sequence, 20 + random.nextInt(200)));
    }

    onLoop(
        () -> {
          Destination to = destination(listener);
          for (int i = 0; i < 10; i++) {
            port.send(first.get(i), 0, first.get(i).length, to);
            port.send(second.get(i), 0, second.get(i).length, to);
          }
          port.flush();
        });

    List<byte[]> heard = heard(listener, 20);
    assertThat(heard.stream().filter(packet -> packet[11] == 1)).containsExactlyElementsOf(first);
    assertThat(heard.stream().filter(packet -> packet[11] == 2)).containsExactlyElementsOf(second);
  }

  @Test
  void sendsMoreThanItHolds() throws Exception {
    DatagramSocket listener = listener();
    int packets = 3 * SendBatch.CAPACITY;
    List<byte[]> sent = new ArrayList<>();
    for (int sequence = 0; sequence < packets; sequence++) {
      sent.add(voice(1, sequence, 100));
    }

    onLoop(
        () -> {
          Destination to = destination(listener);
          sent.forEach(packet -> port.send(packet, 0, packet.length, to));
          port.flush();
        });

    assertThat(heard(listener, packets)).containsExactlyElementsOf(sent);
  }

  /** Nobody can be sent to at port 0: two packets for it must not take the others with them. */
  @Test
  void leavesOutWhoCannotBeReached() throws Exception {
    DatagramSocket before = listener();
    DatagramSocket after = listener();
    byte[] long1 = voice(1, 1, 120);
    byte[] short2 = voice(2, 1, 80);

    onLoop(
        () -> {
          for (Destination to :
              List.of(
                  destination(before),
                  new Destination(new InetSocketAddress(HERE, 0)),
                  destination(after))) {
            port.send(short2, 0, short2.length, to);
            port.send(long1, 0, long1.length, to);
          }
          port.flush();
        });

    assertThat(heard(before, 2)).containsExactly(long1, short2);
    assertThat(heard(after, 2)).containsExactlyInAnyOrder(long1, short2);
  }

  /** The JDK makes one small object for a system call whose errno is read: one a batch, here. */
  @Test
  void sendingAllocatesNothingPerPacket() throws Exception {
    Destination to = destination(listener());
    byte[] packet = voice(1, 1, 100);
    var counter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int packets = 50_000;

    long allocated =
        loop.submit(
                (Callable<Long>)
                    () -> {
                      send(packet, packets, to);
                      long before = counter.getCurrentThreadAllocatedBytes();
                      send(packet, packets, to);
                      return counter.getCurrentThreadAllocatedBytes() - before;
                    })
            .get();

    assertThat(allocated).isLessThan(2L * packets); // one object a packet would be ten times it
  }

  private void send(byte[] packet, int times, Destination to) {
    for (int i = 0; i < times; i++) {
      port.send(packet, 0, packet.length, to);
      if (i % 50 == 0) {
        port.flush();
      }
    }
  }

  private void onLoop(Runnable task) throws Exception {
    loop.submit(task).get();
  }

  private DatagramSocket listener() throws IOException {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0));
    socket.setSoTimeout(PATIENCE_MS);
    socket.setReceiveBufferSize(4 * 1024 * 1024);
    sockets.add(socket);
    return socket;
  }

  private Destination destination(DatagramSocket listener) {
    return new Destination((InetSocketAddress) listener.getLocalSocketAddress());
  }

  private byte[] voice(int ssrc, int sequence, int payloadBytes) {
    byte[] packet = new byte[500];
    int headerBytes =
        new OutgoingHeader(ssrc, 111, 0, 0, "")
            .write(packet, 0, false, sequence & 0xFFFF, sequence * 960, 0, AudioLevel.ABSENT);
    byte[] whole = new byte[headerBytes + payloadBytes];
    random.nextBytes(whole);
    System.arraycopy(packet, 0, whole, 0, headerBytes);
    return whole;
  }

  private static List<byte[]> heard(DatagramSocket listener, int packets) throws IOException {
    List<byte[]> heard = new ArrayList<>();
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    for (int i = 0; i < packets; i++) {
      packet.setLength(2048);
      listener.receive(packet);
      heard.add(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
    return heard;
  }
}
