package parley.load.impair;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP proxy on 127.0.0.1 that stands between clients and one port of the relay and does to the
 * packets what an {@link Impairment} says, each direction for itself and changeable at any time.
 * Every client gets a socket of its own towards the relay, so the relay sees as many addresses as
 * there are clients.
 *
 * <p>The fate of the n-th packet of a client and direction depends on the seed alone: the same seed
 * loses the same packets. One thread owns all sockets and the queue of delayed packets.
 */
public final class ImpairmentProxy implements AutoCloseable {

  /** Larger than any datagram of WebRTC, which stays below an Ethernet frame. */
  private static final int DATAGRAM_BYTES = 2048;

  /**
   * Packets that wait for their time: half a second of jitter for a hundred clients with fifty
   * packets a second in both directions. More is a flood, and a full queue drops, as a router does.
   */
  private static final int QUEUE = 8192;

  private record Delayed(
      long dueNs, long order, ByteBuffer data, DatagramChannel by, @Nullable InetSocketAddress to)
      implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      int byTime = Long.compare(dueNs, other.dueNs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** One client's way: its socket towards the relay and its two directions. */
  private static final class Way {
    final InetSocketAddress client;
    DatagramChannel toRelay;
    final Fate up;
    final Fate down;

    Way(InetSocketAddress client, DatagramChannel toRelay, SplittableRandom seed) {
      this.client = client;
      this.toRelay = toRelay;
      up = new Fate(seed.split());
      down = new Fate(seed.split());
    }
  }

  private final InetSocketAddress relay;
  private final Selector selector;
  private final DatagramChannel front;
  private final Consumer<SeenPacket> observer;
  private final SplittableRandom seeds;
  private final Map<InetSocketAddress, Way> ways = new HashMap<>();
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
  private final Queue<InetSocketAddress> gone = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM_BYTES);
  private final Thread thread;
  private final AtomicLong order = new AtomicLong();
  private final long epochOffsetNs;

  private final LongAdder seen = new LongAdder();
  private final LongAdder lost = new LongAdder();

  private volatile boolean rebinding;
  private volatile Impairment toRelay = Impairment.NONE;
  private volatile Impairment toClient = Impairment.NONE;

  /** Opens a port of the system's choice. */
  public ImpairmentProxy(InetSocketAddress relay, long seed) {
    this(relay, seed, packet -> {});
  }

  /**
   * @param observer is shown every packet on the proxy's thread: be short
   */
  public ImpairmentProxy(InetSocketAddress relay, long seed, Consumer<SeenPacket> observer) {
    this.relay = relay;
    this.observer = observer;
    seeds = new SplittableRandom(seed);
    epochOffsetNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    try {
      selector = Selector.open();
      front = DatagramChannel.open();
      front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      widen(front);
      front.configureBlocking(false);
      front.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("impairment-" + port()).start(this::run);
  }

  /** The UDP port on 127.0.0.1 that clients have to send to. */
  public int port() {
    return front.socket().getLocalPort();
  }

  /** From now on packets of this direction fare so. */
  public void impair(Direction direction, Impairment impairment) {
    switch (direction) {
      case TO_RELAY -> toRelay = impairment;
      case TO_CLIENT -> toClient = impairment;
    }
  }

  /** Both directions at once. */
  public void impair(Impairment impairment) {
    toRelay = impairment;
    toClient = impairment;
  }

  /**
   * Gives every client another port towards the relay, as a NAT does that has forgotten them: what
   * the relay still sends to the old one goes nowhere.
   */
  public void rebind() {
    rebinding = true;
    selector.wakeup();
  }

  /** This client will not send any more: its socket towards the relay is closed. */
  public void forget(InetSocketAddress client) {
    gone.add(client);
    selector.wakeup();
  }

  /** Packets that came to the proxy, in both directions. */
  public long seen() {
    return seen.sum();
  }

  /** Packets that the proxy let die. */
  public long lost() {
    return lost.sum();
  }

  @Override
  public void close() {
    try {
      selector.close();
      thread.join();
      front.close();
      for (Way way : ways.values()) {
        way.toRelay.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        if (rebinding) {
          rebinding = false;
          for (Way way : ways.values()) {
            way.toRelay.close();
            way.toRelay = connected();
            way.toRelay.register(selector, SelectionKey.OP_READ, way);
          }
        }
        for (InetSocketAddress left = gone.poll(); left != null; left = gone.poll()) {
          Way way = ways.remove(left);
          if (way != null) {
            way.toRelay.close();
          }
        }
        Delayed next = delayed.peek();
        if (next == null) {
          selector.select(this::onReadable);
        } else {
          long waitNs = next.dueNs - System.nanoTime();
          // The selector waits in whole ms; a packet that is due within one goes now.
          long waitMs = TimeUnit.NANOSECONDS.toMillis(waitNs);
          if (waitMs > 0) {
            selector.select(this::onReadable, waitMs);
          } else {
            selector.selectNow(this::onReadable);
          }
        }
        release();
      }
    } catch (ClosedSelectorException e) {
      // Closed from outside: the end.
    } catch (IOException e) {
      if (selector.isOpen()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void onReadable(SelectionKey key) {
    try {
      if (key.attachment() instanceof Way way) {
        for (buffer.clear(); way.toRelay.read(buffer) > 0; buffer.clear()) {
          pass(way, Direction.TO_CLIENT);
        }
      } else {
        buffer.clear();
        for (InetSocketAddress from = receive(); from != null; from = receive()) {
          pass(wayOf(from), Direction.TO_RELAY);
          buffer.clear();
        }
      }
    } catch (IOException e) {
      // A refused port (ICMP) shows as an error on a connected socket: the other side is away,
      // which is the sender's matter to notice.
    }
  }

  private @Nullable InetSocketAddress receive() throws IOException {
    return (InetSocketAddress) front.receive(buffer);
  }

  private Way wayOf(InetSocketAddress client) throws IOException {
    Way way = ways.get(client);
    if (way == null) {
      way = new Way(client, connected(), seeds.split());
      way.toRelay.register(selector, SelectionKey.OP_READ, way);
      ways.put(client, way);
    }
    return way;
  }

  private DatagramChannel connected() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    widen(channel);
    channel.connect(relay);
    channel.configureBlocking(false);
    return channel;
  }

  /** So that a burst which the proxy's thread was too late for is not lost behind its back. */
  private static void widen(DatagramChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
  }

  private void pass(Way way, Direction direction) {
    long nowNs = System.nanoTime();
    byte[] data = new byte[buffer.flip().remaining()];
    buffer.get(data);
    Impairment impairment = direction == Direction.TO_RELAY ? toRelay : toClient;
    Fate fate = direction == Direction.TO_RELAY ? way.up : way.down;
    fate.next(impairment, nowNs);
    seen.increment();
    observer.accept(
        new SeenPacket((nowNs + epochOffsetNs) / 1e6, direction, way.client, data, fate.lost()));
    if (fate.lost()) {
      lost.increment();
      return;
    }
    enqueue(way, direction, data, fate.dueNs());
    if (fate.twice()) {
      enqueue(way, direction, data, fate.copyDueNs());
    }
  }

  private void enqueue(Way way, Direction direction, byte[] data, long dueNs) {
    if (delayed.size() >= QUEUE) {
      lost.increment();
      return;
    }
    boolean up = direction == Direction.TO_RELAY;
    delayed.add(
        new Delayed(
            dueNs,
            order.incrementAndGet(),
            ByteBuffer.wrap(data),
            up ? way.toRelay : front,
            up ? null : way.client));
  }

  private void release() {
    for (Delayed next = delayed.peek();
        next != null && next.dueNs - System.nanoTime() <= TimeUnit.MICROSECONDS.toNanos(500);
        next = delayed.peek()) {
      delayed.remove();
      try {
        if (next.to == null) {
          next.by.write(next.data);
        } else {
          next.by.send(next.data, next.to);
        }
      } catch (IOException e) {
        // The receiver is away: on a real network the packet would be lost just so.
      }
    }
  }
}
