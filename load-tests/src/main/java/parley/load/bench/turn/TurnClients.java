package parley.load.bench.turn;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import parley.load.bench.kernel.ClientSockets;
import parley.load.bench.kernel.DatagramSink;
import parley.load.bench.media.RemoteEnd;
import parley.stun.TurnMessage;

/**
 * Clients of one TURN server, each with a socket and an allocation, and the one peer that all of
 * them talk to, as they would to a media server. One thread.
 */
final class TurnClients implements AutoCloseable {

  static final String REALM = "parley";
  static final String USER = "bench";
  static final String PASSWORD = "not a secret";

  static final String SERVER = "127.0.0.1";

  /** Not the server's address, which it does not relay to. */
  static final String PEER = "127.0.0.2";

  static final int CHANNEL = 0x4000;

  private static final int CHANNEL_HEADER_BYTES = 4;
  private static final long PATIENCE_NS = 500_000_000L;
  private static final int MOST_TRIES = 10;
  private static final int UNAUTHENTICATED = 401;
  private static final int MISMATCH = 437;
  private static final int STALE_NONCE = 438;
  private static final int UDP = 17 << 24;

  private final ClientSockets clients = new ClientSockets(RemoteEnd.number(SERVER));
  private final ClientSockets peers;
  private final TurnMessage message = new TurnMessage(USER, REALM, PASSWORD);
  private final DatagramSink toClient = this::onClientDatagram;
  private final DatagramSink toPeer = this::onPeerDatagram;
  private final int serverAddress = RemoteEnd.number(SERVER);

  /** Everyone has an address of his own, as people do: servers count by address. */
  private int nextAddress = RemoteEnd.number("127.16.0.1");

  private final List<Integer> ports = new ArrayList<>();
  private final boolean bare;
  private String server = "nobody";
  private int serverPort;
  private int peerAddress;
  private int peerPort;

  private Client[] all = {};
  private final PriorityQueue<Client> waiting =
      new PriorityQueue<>(Comparator.comparingLong(client -> client.repeatNs));
  private Step step = Step.ALLOCATE;
  private int answered;
  private int refusals;
  private @Nullable IOException failure;
  private @Nullable Traffic traffic;

  /** One of them. */
  private static final class Client {
    final int index;
    byte @Nullable [] nonce;
    int relayedPort;
    int request;
    int tries;
    long repeatNs;
    boolean waits;

    Client(int index) {
      this.index = index;
    }
  }

  /**
   * @param bare whether packets are not wrapped, and the peer has the server's address
   */
  TurnClients(boolean bare) throws IOException {
    this.bare = bare;
    peerAddress = RemoteEnd.number(bare ? SERVER : PEER);
    peers = new ClientSockets(peerAddress);
    peerPort = peers.open(0);
  }

  /** Their server from now on; what they send goes to its own media, if it has any. */
  void meet(TurnServerUnderTest server) {
    this.server = server.name();
    serverPort = server.port();
    if (server.mediaPort() != 0) {
      peerAddress = serverAddress;
      peerPort = server.mediaPort();
    }
  }

  int count() {
    return all.length;
  }

  int peerPort() {
    return peerPort;
  }

  /** Sockets for so many more clients, without allocations yet. */
  void add(int more) throws IOException {
    int first = all.length;
    all = Arrays.copyOf(all, first + more);
    for (int i = first; i < all.length; i++) {
      all[i] = new Client(i);
      ports.add(clients.open(i, nextAddress++));
    }
  }

  /** Of all sockets that were ever opened. */
  List<Integer> ports() {
    return List.copyOf(ports);
  }

  /** The last ones are not there any more. */
  void remove(int fewer) {
    int left = all.length - fewer;
    for (int i = left; i < all.length; i++) {
      clients.close(i);
    }
    all = Arrays.copyOf(all, left);
  }

  /** New sockets for those from {@code first} on. */
  void renew(int first) throws IOException {
    for (int i = first; i < all.length; i++) {
      clients.close(i);
      clients.open(i, nextAddress++);
      all[i] = new Client(i);
    }
  }

  /**
   * Has the clients from {@code first} on take a step.
   *
   * @param inFlight how many at the same time
   * @return how long that took, in nanoseconds
   * @throws IOException when one is refused, or not answered
   */
  long all(Step next, int first, int inFlight) throws IOException {
    step = next;
    answered = 0;
    int count = all.length - first;
    int begun = 0;
    long startNs = System.nanoTime();
    long nowNs = startNs;
    while (answered < count) {
      while (begun < count && begun - answered < inFlight) {
        Client client = all[first + begun++];
        client.tries = 0;
        request(client, nowNs);
      }
      clients.receive(toClient, 0);
      nowNs = System.nanoTime();
      repeat(nowNs);
      IOException refused = failure;
      if (refused != null) {
        throw refused;
      }
    }
    waiting.clear();
    return System.nanoTime() - startNs;
  }

  /** Refusals that were not expected, such as a nonce that is old. */
  int refusals() {
    return refusals;
  }

  private void repeat(long nowNs) throws IOException {
    for (Client client = waiting.peek();
        client != null && client.repeatNs <= nowNs;
        client = waiting.peek()) {
      waiting.remove();
      if (client.waits) {
        if (++client.tries == MOST_TRIES) {
          throw new IOException(step + " was not answered");
        }
        transmit(client, nowNs);
      }
    }
  }

  private void request(Client client, long nowNs) {
    client.request++;
    transmit(client, nowNs);
  }

  /** Again, it is the same request: the server answers as it did the first time. */
  private void transmit(Client client, long nowNs) {
    client.waits = true;
    client.repeatNs = nowNs + PATIENCE_NS;
    waiting.add(client);
    message.begin(step.method(), transaction(client));
    switch (step) {
      case ALLOCATE -> message.addNumber(TurnMessage.REQUESTED_TRANSPORT, UDP);
      case PERMIT -> message.addPeer(peerAddress, peerPort);
      case BIND -> {
        message.addNumber(TurnMessage.CHANNEL_NUMBER, CHANNEL << 16);
        message.addPeer(peerAddress, peerPort);
      }
      case REFRESH -> message.addNumber(TurnMessage.LIFETIME, 600);
      case RELEASE -> message.addNumber(TurnMessage.LIFETIME, 0);
    }
    if (client.nonce != null) {
      message.protect(client.nonce);
    }
    clients.send(client.index, serverAddress, serverPort, message.bytes(), 0, message.length());
  }

  private static long transaction(Client client) {
    return (long) client.index << 32 | client.request;
  }

  private void onClientDatagram(int index, byte[] data, int length) {
    int first = data[0] & 0xFF;
    Traffic current = traffic;
    if (first >= 0x40) {
      if (current != null) {
        int payload = TurnMessage.int16(data, 2);
        boolean right = TurnMessage.int16(data, 0) == CHANNEL;
        current.arrived(index, data, CHANNEL_HEADER_BYTES, right ? payload : 0);
      }
    } else if (TurnMessage.type(data) == TurnMessage.DATA_INDICATION) {
      int dataAt = TurnMessage.find(TurnMessage.DATA, data, length);
      int peerAt = TurnMessage.find(TurnMessage.XOR_PEER_ADDRESS, data, length);
      if (current != null && dataAt > 0 && peerAt > 0) {
        boolean right = TurnMessage.portAt(data, peerAt) == peerPort;
        current.arrived(index, data, dataAt, right ? TurnMessage.lengthAt(data, dataAt) : 0);
      }
    } else {
      onAnswer(all[index], data, length);
    }
  }

  private void onAnswer(Client client, byte[] data, int length) {
    if (!client.waits || TurnMessage.transaction(data) != transaction(client)) {
      return; // of an earlier try
    }
    client.waits = false;
    waiting.remove(client);
    int type = TurnMessage.type(data);
    if ((type & TurnMessage.CLASS_BITS) == TurnMessage.SUCCESS) {
      if (step == Step.ALLOCATE) {
        int at = TurnMessage.find(TurnMessage.XOR_RELAYED_ADDRESS, data, length);
        client.relayedPort = at < 0 ? 0 : TurnMessage.portAt(data, at);
      }
      answered++;
      return;
    }
    int code = TurnMessage.errorCode(data, length);
    int nonceAt = TurnMessage.find(TurnMessage.NONCE, data, length);
    boolean first = client.nonce == null;
    if (nonceAt > 0 && (code == STALE_NONCE || (code == UNAUTHENTICATED && first))) {
      client.nonce =
          Arrays.copyOfRange(data, nonceAt, nonceAt + TurnMessage.lengthAt(data, nonceAt));
      refusals += first ? 0 : 1;
      request(client, System.nanoTime());
      return;
    }
    if (code == MISMATCH && step == Step.ALLOCATE && ++client.tries < MOST_TRIES) {
      startAnew(client); // the system gave out a port again that the server still remembers
      return;
    }
    if (code == MISMATCH && step == Step.RELEASE && client.tries > 0) {
      answered++; // the answer to an earlier try came too late: it is gone
      return;
    }
    failure = new IOException("%s was refused with %d by %s".formatted(step, code, server));
  }

  private void startAnew(Client client) {
    try {
      clients.close(client.index);
      clients.open(client.index, nextAddress++);
      client.nonce = null;
      request(client, System.nanoTime());
    } catch (SocketException e) {
      failure = e;
    }
  }

  private void onPeerDatagram(int index, byte[] data, int length) {
    Traffic current = traffic;
    if (current != null) {
      current.arrived(-1, data, 0, length);
    }
  }

  /** A message that carries a probe that way. */
  byte[] envelope(Way way) {
    byte[] probe = new byte[Probe.BYTES];
    Probe.fill(probe, 0);
    if (bare) {
      return probe;
    }
    return switch (way) {
      case CHANNEL_TO_CLIENT, DATA_INDICATION -> probe;
      case CHANNEL_TO_PEER, TO_OWN_MEDIA -> {
        byte[] data = new byte[CHANNEL_HEADER_BYTES + Probe.BYTES];
        data[0] = (byte) (CHANNEL >> 8);
        data[1] = (byte) CHANNEL;
        data[2] = (byte) (Probe.BYTES >> 8);
        data[3] = (byte) Probe.BYTES;
        System.arraycopy(probe, 0, data, CHANNEL_HEADER_BYTES, Probe.BYTES);
        yield data;
      }
      case SEND_INDICATION -> {
        message.begin(TurnMessage.SEND_INDICATION, 0).addPeer(peerAddress, peerPort);
        message.add(TurnMessage.DATA, probe);
        yield Arrays.copyOf(message.bytes(), message.length());
      }
    };
  }

  /** What arrives goes there; null: it is thrown away. */
  void listen(@Nullable Traffic to) {
    traffic = to;
  }

  /** A datagram of this client, or of the peer to it. */
  void send(Way way, int client, byte[] data) {
    if (way.toClients()) {
      peers.send(0, serverAddress, all[client].relayedPort, data, 0, data.length);
    } else {
      clients.send(client, serverAddress, serverPort, data, 0, data.length);
    }
  }

  /** Takes what is there; says how many datagrams that was. */
  int receive() {
    return clients.receive(toClient, 0) + peers.receive(toPeer, 0);
  }

  @Override
  public void close() {
    clients.close();
    peers.close();
  }
}
