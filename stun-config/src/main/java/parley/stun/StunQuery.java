package parley.stun;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Asks a STUN server how this machine is seen from there (RFC 8489 §7). */
public final class StunQuery {

  private static final int BINDING_REQUEST = 0x0001;
  private static final int BINDING_SUCCESS = 0x0101;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int HEADER_BYTES = 20;
  private static final int XOR_MAPPED_ADDRESS = 0x0020;
  private static final int IPV4 = 0x01;
  private static final int IPV6 = 0x02;

  /** RFC 8489 §6.2.1 doubles from 500 ms on; four tries are enough at a start. */
  private static final int FIRST_TIMEOUT_MS = 500;

  private static final int TRIES = 4;

  /** Larger than any answer without attributes that nobody asked for. */
  private static final int MAX_ANSWER_BYTES = 1500;

  private StunQuery() {}

  /**
   * Waits for the answer, some eight seconds at most.
   *
   * @throws IOException if there is none, with the reason
   */
  public static InetSocketAddress ask(InetSocketAddress server) throws IOException {
    byte[] id = new byte[12];
    new SecureRandom().nextBytes(id);
    byte[] request =
        ByteBuffer.allocate(HEADER_BYTES)
            .putShort((short) BINDING_REQUEST)
            .putShort((short) 0)
            .putInt(MAGIC_COOKIE)
            .put(id)
            .array();
    if (server.getAddress() == null) {
      throw new IOException("the name " + server.getHostString() + " is not known");
    }
    try (var socket = new DatagramSocket()) {
      socket.connect(server);
      int timeoutMs = FIRST_TIMEOUT_MS;
      for (int i = 0; i < TRIES; i++) {
        socket.send(new DatagramPacket(request, request.length));
        socket.setSoTimeout(timeoutMs);
        timeoutMs *= 2;
        InetSocketAddress mapped = await(socket, id);
        if (mapped != null) {
          return mapped;
        }
      }
    }
    throw new IOException("no answer from " + server.getHostString() + ":" + server.getPort());
  }

  private static @Nullable InetSocketAddress await(DatagramSocket socket, byte[] id)
      throws IOException {
    var packet = new DatagramPacket(new byte[MAX_ANSWER_BYTES], MAX_ANSWER_BYTES);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException e) {
      return null;
    }
    return mapped(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), id);
  }

  /** Null: no answer to this question. */
  static @Nullable InetSocketAddress mapped(ByteBuffer answer, byte[] id) throws IOException {
    if (answer.remaining() < HEADER_BYTES
        || answer.getShort(0) != BINDING_SUCCESS
        || answer.getInt(4) != MAGIC_COOKIE
        || !answer.slice(8, id.length).equals(ByteBuffer.wrap(id))) {
      return null;
    }
    int at = HEADER_BYTES;
    while (at + 4 <= answer.limit()) {
      int type = answer.getShort(at) & 0xFFFF;
      int length = answer.getShort(at + 2) & 0xFFFF;
      if (at + 4 + length > answer.limit()) {
        return null;
      }
      if (type == XOR_MAPPED_ADDRESS) {
        return address(answer, at + 4, length);
      }
      at += 4 + (length + 3 & ~3);
    }
    return null;
  }

  private static @Nullable InetSocketAddress address(ByteBuffer answer, int at, int length)
      throws IOException {
    int family = length < 2 ? 0 : answer.get(at + 1);
    int ipBytes = family == IPV4 ? 4 : family == IPV6 ? 16 : 0;
    if (ipBytes == 0 || length != 4 + ipBytes) {
      return null;
    }
    byte[] ip = new byte[ipBytes];
    for (int i = 0; i < ipBytes; i++) {
      ip[i] = (byte) (answer.get(at + 4 + i) ^ answer.get(4 + i)); // cookie, transaction id
    }
    int port = (answer.getShort(at + 2) ^ MAGIC_COOKIE >>> 16) & 0xFFFF;
    return new InetSocketAddress(InetAddress.getByAddress(ip), port);
  }
}
