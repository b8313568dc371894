package parley.relay.turn;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of the server on the stage; also the link it is on. */
final class TestClient implements ClientLink {

  final InetSocketAddress address;
  final Deque<byte[]> inbox = new ArrayDeque<>();
  private final TurnStage stage;
  private final boolean stream;
  String username = "alice";
  String password = "wonderland";
  boolean sha256;
  @Nullable String nonce;

  TestClient(TurnStage stage, InetSocketAddress address, boolean stream) {
    this.stage = stage;
    this.address = address;
    this.stream = stream;
  }

  TestClient as(String name, String secret) {
    username = name;
    password = secret;
    return this;
  }

  /** The same network, another address. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TestClient that && stage == that.stage && stream == that.stream;
  }

  @Override
  public int hashCode() {
    return stream ? 1 : 0;
  }

  @Override
  public boolean isStream() {
    return stream;
  }

  @Override
  public void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes) {
    TestClient receiver = client.equals(address) ? this : stage.clients.get(client);
    if (receiver != null) {
      receiver.inbox.add(Arrays.copyOfRange(data, offset, offset + lengthBytes));
    }
  }

  void raw(byte[] bytes) {
    stage.clients.put(address, this);
    byte[] room = new byte[TurnServer.HEADROOM_BYTES + bytes.length + TurnServer.TAILROOM_BYTES];
    System.arraycopy(bytes, 0, room, TurnServer.HEADROOM_BYTES, bytes.length);
    stage.server.onClientMessage(
        this, address, room, TurnServer.HEADROOM_BYTES, bytes.length, stage.nowNs);
  }

  /** Sends as it is; the answer to it. */
  TestAnswer plain(TestMessage message) {
    raw(message.bytes());
    byte[] answer = inbox.pollLast();
    if (answer == null) {
      throw new AssertionError("no answer");
    }
    return new TestAnswer(answer);
  }

  boolean isAnswered(TestMessage message) {
    int before = inbox.size();
    raw(message.bytes());
    return inbox.size() > before;
  }

  byte[] key() {
    return TestMessage.key(sha256 ? "SHA-256" : "MD5", username, TurnStage.REALM, password);
  }

  /** Adds what the long-term mechanism asks for. */
  TestMessage signed(TestMessage message) {
    if (nonce == null) {
      nonce = plain(TestMessage.allocate()).text(0x0015);
    }
    message.text(0x0006, username).text(0x0014, TurnStage.REALM).text(0x0015, nonce);
    if (sha256) {
      message.with(0x8002, 0, 2, 0, 0, 0, 1, 0, 0).with(0x001D, 0, 2, 0, 0);
    }
    return message.integrity(key(), sha256);
  }

  TestAnswer ask(TestMessage message) {
    return plain(signed(message));
  }

  /** Allocates; the relayed address. */
  InetSocketAddress allocate() {
    TestAnswer answer = ask(TestMessage.allocate());
    if (answer.error() != 0) {
      throw new AssertionError("error " + answer.error());
    }
    return answer.relayed();
  }

  int permit(InetSocketAddress... peers) {
    TestMessage message = TestMessage.createPermission();
    List.of(peers).forEach(message::peer);
    return ask(message).error();
  }

  int bind(int number, InetSocketAddress peer) {
    return ask(TestMessage.channelBind(number, peer)).error();
  }

  void sendTo(InetSocketAddress peer, byte[] data) {
    raw(TestMessage.sendIndication().peer(peer).data(data).bytes());
  }

  void onChannel(int number, byte[] data) {
    raw(channelData(number, data));
  }

  static byte[] channelData(int number, byte[] data) {
    byte[] whole = new byte[4 + data.length];
    whole[0] = (byte) (number >> 8);
    whole[1] = (byte) number;
    whole[2] = (byte) (data.length >> 8);
    whole[3] = (byte) data.length;
    System.arraycopy(data, 0, whole, 4, data.length);
    return whole;
  }
}
