package parley.stun.doctor;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import parley.stun.TurnMessage;

/** A TURN client that has one allocation and waits for each answer. One thread. */
final class TurnSession implements AutoCloseable {

  private static final int PATIENCE_MS = 3_000;

  /** On UDP the same is sent again after so long. */
  private static final int REPEAT_MS = 500;

  private static final int UDP = 17 << 24;
  private static final int UNAUTHENTICATED = 401;
  private static final int STALE_NONCE = 438;

  private final TurnUri uri;
  private final @Nullable DatagramSocket datagrams;
  private final @Nullable Socket stream;
  private int transaction;
  private @Nullable TurnMessage message;
  private byte @Nullable [] nonce;

  /** The server said no. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    Refused(String what, int code) {
      super(what + " was refused with error " + code);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private TurnSession(TurnUri uri, @Nullable DatagramSocket datagrams, @Nullable Socket stream) {
    this.uri = uri;
    this.datagrams = datagrams;
    this.stream = stream;
  }

  /**
   * Connects.
   *
   * @throws javax.net.ssl.SSLException when the certificate is not believed
   * @throws IOException when nobody answers
   */
  static TurnSession open(TurnUri uri) throws IOException {
    InetSocketAddress server = uri.address();
    if (uri.transport() == TurnUri.Transport.UDP) {
      var socket = new DatagramSocket();
      socket.connect(server);
      return new TurnSession(uri, socket, null);
    }
    var socket = new Socket();
    try {
      socket.setSoTimeout(PATIENCE_MS);
      socket.connect(server, PATIENCE_MS);
      return new TurnSession(
          uri, null, uri.transport() == TurnUri.Transport.TLS ? secure(socket, uri) : socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket secure(Socket plain, TurnUri uri) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var socket = (SSLSocket) factory.createSocket(plain, uri.host(), uri.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name, too
    parameters.setApplicationProtocols(new String[] {"stun.turn"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /**
   * Allocates.
   *
   * @return the relayed address
   * @throws Refused when the server says no
   */
  InetSocketAddress allocate(String user, String password) throws IOException {
    byte[] challenge =
        ask(begin(TurnMessage.ALLOCATE).addNumber(TurnMessage.REQUESTED_TRANSPORT, UDP));
    int code = TurnMessage.errorCode(challenge, challenge.length);
    byte[] realm = TurnMessage.value(TurnMessage.REALM, challenge);
    nonce = TurnMessage.value(TurnMessage.NONCE, challenge);
    if (code != UNAUTHENTICATED || realm == null || nonce == null) {
      throw new Refused("a question without credentials", code);
    }
    message = new TurnMessage(user, realm, password);
    byte[] answer =
        authenticated(
            "an allocation",
            () -> begin(TurnMessage.ALLOCATE).addNumber(TurnMessage.REQUESTED_TRANSPORT, UDP));
    InetSocketAddress relayed = TurnMessage.address(TurnMessage.XOR_RELAYED_ADDRESS, answer);
    if (relayed == null) {
      throw new IOException("the answer names no relayed IPv4 address");
    }
    return relayed;
  }

  void permit(InetSocketAddress peer) throws IOException {
    authenticated("a permission", () -> begin(TurnMessage.CREATE_PERMISSION).addPeer(peer));
  }

  /**
   * Sends to a peer and waits for what it sends.
   *
   * @return null: nothing came
   */
  byte @Nullable [] exchange(InetSocketAddress peer, byte[] data) throws IOException {
    long endNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
    while (System.nanoTime() < endNs) {
      TurnMessage indication =
          begin(TurnMessage.SEND_INDICATION).addPeer(peer).add(TurnMessage.DATA, data);
      send(indication);
      byte[] come = receive(REPEAT_MS);
      if (come != null && TurnMessage.type(come) == TurnMessage.DATA_INDICATION) {
        return TurnMessage.value(TurnMessage.DATA, come);
      }
    }
    return null;
  }

  /** Makes a request; anew when the nonce is old. */
  private interface Request {
    TurnMessage make();
  }

  private byte[] authenticated(String what, Request request) throws IOException {
    for (int i = 0; i < 2; i++) {
      byte[] known = nonce;
      if (known == null) {
        throw new IllegalStateException("before an allocation");
      }
      byte[] answer = ask(request.make().protect(known));
      int type = TurnMessage.type(answer);
      if ((type & TurnMessage.CLASS_BITS) == TurnMessage.SUCCESS) {
        return answer;
      }
      int code = TurnMessage.errorCode(answer, answer.length);
      byte[] fresh = TurnMessage.value(TurnMessage.NONCE, answer);
      if (code != STALE_NONCE || fresh == null) {
        throw new Refused(what, code);
      }
      nonce = fresh;
    }
    throw new Refused(what, STALE_NONCE);
  }

  private TurnMessage begin(int type) {
    TurnMessage current = message;
    if (current == null) {
      current = new TurnMessage("", new byte[0], "");
      message = current;
    }
    return current.begin(type, ++transaction);
  }

  private byte[] ask(TurnMessage request) throws IOException {
    long endNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
    while (System.nanoTime() < endNs) {
      send(request);
      byte[] answer = receive(REPEAT_MS);
      while (answer != null && TurnMessage.transaction(answer) != transaction) {
        answer = receive(REPEAT_MS); // of an earlier try
      }
      if (answer != null) {
        return answer;
      }
    }
    throw new SocketTimeoutException("no answer");
  }

  private void send(TurnMessage out) throws IOException {
    if (datagrams != null) {
      datagrams.send(new DatagramPacket(out.bytes(), out.length()));
    } else if (stream != null) {
      OutputStream to = stream.getOutputStream();
      to.write(out.bytes(), 0, out.length());
      to.flush();
    }
  }

  private byte @Nullable [] receive(int timeoutMs) throws IOException {
    try {
      if (datagrams != null) {
        datagrams.setSoTimeout(timeoutMs);
        var packet = new DatagramPacket(new byte[2048], 2048);
        datagrams.receive(packet);
        return packet.getLength() < TurnMessage.HEADER_BYTES
            ? null
            : Arrays.copyOf(packet.getData(), packet.getLength());
      }
      if (stream == null) {
        return null;
      }
      stream.setSoTimeout(PATIENCE_MS);
      var in = new DataInputStream(stream.getInputStream());
      byte[] head = new byte[TurnMessage.HEADER_BYTES];
      in.readFully(head);
      byte[] whole = Arrays.copyOf(head, TurnMessage.HEADER_BYTES + TurnMessage.int16(head, 2));
      in.readFully(whole, head.length, whole.length - head.length);
      return whole;
    } catch (SocketTimeoutException e) {
      return null;
    } catch (EOFException e) {
      throw new IOException("the server ended the connection", e);
    }
  }

  @Override
  public void close() {
    try {
      if (message != null && nonce != null) {
        send(begin(TurnMessage.REFRESH).addNumber(TurnMessage.LIFETIME, 0).protect(nonce));
      }
      if (datagrams != null) {
        datagrams.close();
      }
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      // it is over either way
    }
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
