package parley.relay.turn;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A TURN client on the JDK's plain sockets. */
public final class WireClient implements AutoCloseable {

  private static final int TIMEOUT_MS = 10_000;

  private final @Nullable DatagramSocket datagrams;
  private final @Nullable Socket stream;
  private final InetSocketAddress server;
  private @Nullable String nonce;

  private WireClient(
      @Nullable DatagramSocket datagrams, @Nullable Socket stream, InetSocketAddress server) {
    this.datagrams = datagrams;
    this.stream = stream;
    this.server = server;
  }

  public static WireClient udp(InetSocketAddress server) throws IOException {
    var socket = new DatagramSocket(new InetSocketAddress(server.getAddress(), 0));
    socket.setSoTimeout(TIMEOUT_MS);
    return new WireClient(socket, null, server);
  }

  public static WireClient tcp(InetSocketAddress server) throws IOException {
    var socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    return new WireClient(null, socket, server);
  }

  public static WireClient tls(InetSocketAddress server) throws Exception {
    return of(secure(new Socket(server.getAddress(), server.getPort())));
  }

  /** On a connection that is there. */
  static WireClient of(Socket socket) {
    return new WireClient(null, socket, (InetSocketAddress) socket.getRemoteSocketAddress());
  }

  /**
   * TLS on a connection that is there.
   *
   * @param protocols to name by ALPN
   */
  static SSLSocket secure(Socket plain, String... protocols) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "one", plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.startHandshake();
    return socket;
  }

  X509Certificate certificate() throws Exception {
    if (stream instanceof SSLSocket tls) {
      return (X509Certificate) tls.getSession().getPeerCertificates()[0];
    }
    throw new IllegalStateException("no TLS");
  }

  public InetSocketAddress local() {
    return datagrams != null
        ? (InetSocketAddress) datagrams.getLocalSocketAddress()
        : (InetSocketAddress) open().getLocalSocketAddress();
  }

  private Socket open() {
    if (stream == null) {
      throw new IllegalStateException("on UDP");
    }
    return stream;
  }

  public void raw(byte[] bytes) throws IOException {
    if (datagrams != null) {
      datagrams.send(new DatagramPacket(bytes, bytes.length, server));
    } else {
      OutputStream out = open().getOutputStream();
      out.write(bytes);
      out.flush();
    }
  }

  public byte[] receive() throws IOException {
    if (datagrams != null) {
      var packet = new DatagramPacket(new byte[2048], 2048);
      datagrams.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }
    var in = new DataInputStream(open().getInputStream());
    byte[] head = new byte[4];
    in.readFully(head);
    int length = StreamFraming.frameBytes(head, 0, 4);
    byte[] whole = Arrays.copyOf(head, length);
    in.readFully(whole, 4, length - 4);
    return whole;
  }

  /** Whether the server has ended the connection. */
  public boolean isEnded() throws IOException {
    return open().getInputStream().read() < 0;
  }

  public TestAnswer plain(TestMessage message) throws IOException {
    raw(message.bytes());
    return new TestAnswer(receive());
  }

  public TestAnswer ask(TestMessage message) throws IOException {
    if (nonce == null) {
      nonce = plain(TestMessage.allocate()).text(0x0015);
    }
    byte[] key = TestMessage.key("MD5", "me", "example.org", "mine");
    return plain(
        message
            .text(0x0006, "me")
            .text(0x0014, "example.org")
            .text(0x0015, nonce)
            .integrity(key, false));
  }

  @Override
  public void close() throws IOException {
    if (datagrams != null) {
      datagrams.close();
    }
    if (stream != null) {
      stream.close();
    }
  }

  /** Tests sign for themselves. */
  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
