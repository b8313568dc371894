package parley.stun.doctor;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.stun.TurnMessage;

/** Answers STUN at the media port while no server of ours has it, so that it can be looked at. */
final class StandIn implements AutoCloseable {

  private final DatagramSocket socket;

  private StandIn(DatagramSocket socket) {
    this.socket = socket;
    Thread.ofPlatform().daemon().name("stand-in").start(this::serve);
  }

  /** Null: somebody has the port. */
  static @Nullable StandIn at(InetAddress address, int port) {
    try {
      return new StandIn(new DatagramSocket(new InetSocketAddress(address, port)));
    } catch (IOException e) {
      return null;
    }
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[1500], 1500);
    try {
      while (true) {
        packet.setLength(1500);
        socket.receive(packet);
        if (packet.getLength() >= TurnMessage.HEADER_BYTES
            && TurnMessage.type(packet.getData()) == TurnMessage.BINDING) {
          answer(packet);
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void answer(DatagramPacket question) throws IOException {
    var from = new InetSocketAddress(question.getAddress(), question.getPort());
    TurnMessage answer =
        new TurnMessage("", "", "").begin(TurnMessage.BINDING | TurnMessage.SUCCESS, 0);
    // The question's own transaction id.
    System.arraycopy(question.getData(), 4, answer.bytes(), 4, 16);
    answer.addAddress(TurnMessage.XOR_MAPPED_ADDRESS, from);
    socket.send(
        new DatagramPacket(
            answer.bytes(), answer.length(), question.getAddress(), question.getPort()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
