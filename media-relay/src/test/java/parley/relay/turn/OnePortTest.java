package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.TurnConfig;
import parley.relay.api.WebBehind;
import parley.relay.net.TurnNode;

/** TURN, HTTPS and what proxies put before them, all on the TLS port. */
class OnePortTest {

  private static final InetAddress HERE = TurnStage.ip("127.0.0.1");
  private static final int BIG = 3_000_000;

  @TempDir Path folder;

  private final BlockingQueue<InetSocketAddress> clients = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
  private HttpServer pages;
  private TurnConfig config;
  private TurnNode node;

  @BeforeEach
  void start() throws Exception {
    pages = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    pages.createContext(
        "/",
        exchange -> {
          byte[] said = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, BIG);
          exchange.getResponseBody().write(said);
          exchange.getResponseBody().write(new byte[BIG - said.length]);
          exchange.close();
        });
    pages.start();
    WebBehind web =
        new WebBehind() {
          @Override
          public InetSocketAddress address() {
            return pages.getAddress();
          }

          @Override
          public void connected(int localPort, InetSocketAddress client) {
            clients.add(client);
          }

          @Override
          public void closed(int localPort) {
            ended.add(localPort);
          }
        };
    TestCertificate certificate = TestCertificate.write(folder, "one");
    int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
    config =
        new TurnConfig(
            List.of("127.0.0.1"),
            false,
            List.of(),
            freePort(),
            freePort(),
            certificate.chain().toString(),
            certificate.key().toString(),
            first,
            first + 63,
            "example.org",
            Map.of("me", "mine"),
            List.of(),
            List.of("127.0.0.0/8"),
            List.of(),
            0,
            0,
            0,
            0,
            true,
            8,
            List.of("127.0.0.9"));
    node = new TurnNode(config, OwnMedia.NONE, new SimpleMeterRegistry(), web);
  }

  @AfterEach
  void stop() {
    node.close();
    pages.stop(0);
  }

  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(5_000, 10_000);
      try (var _ = new DatagramSocket(port, HERE);
          var _ = new ServerSocket(port, 1, HERE)) {
        return port;
      } catch (IOException e) {
        continue; // somebody has it
      }
    }
  }

  private SSLSocket connect(String... protocols) throws Exception {
    return WireClient.secure(new Socket(HERE, config.tlsPort()), protocols);
  }

  private static void post(Socket socket, String body) throws IOException {
    String request =
        "POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static String answer(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void servesPagesToWhoSpeaksHttp() throws Exception {
    try (SSLSocket socket = connect("h2", "http/1.1")) {
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
      // Far more than the buffers on the way hold, both ways.
      post(socket, "x".repeat(1_000_000));
      assertThat(answer(socket)).startsWith("HTTP/1.1 200").hasSizeGreaterThan(BIG);
      assertThat(clients.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new InetSocketAddress(HERE, socket.getLocalPort()));
    }
    assertThat(ended.poll(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void relaysForWhoSpeaksTurn() throws Exception {
    for (String[] protocols : new String[][] {{}, {"stun.turn"}}) {
      try (WireClient client = WireClient.of(connect(protocols))) {
        assertThat(client.ask(TestMessage.allocate()).relayed().getAddress()).isEqualTo(HERE);
      }
    }
    assertThat(clients).isEmpty();
  }

  /** The first byte may come alone. */
  @Test
  void waitsForTheFirstByte() throws Exception {
    try (SSLSocket socket = connect()) {
      socket.getOutputStream().write('P');
      socket.getOutputStream().flush();
      assertThat(clients.poll(10, TimeUnit.SECONDS)).isNotNull();
      socket.getOutputStream().write("OST / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(socket)).contains(" 200 ");
    }
  }

  @Test
  void endsTheConnectionWhenNoPagesAreBehind() throws Exception {
    pages.stop(0);
    try (SSLSocket socket = connect("http/1.1")) {
      post(socket, "");
      assertThat(answer(socket)).isEmpty();
    }
  }

  private static byte[] proxyHeader(String command, String family, String addresses) {
    String length = HexFormat.of().toHexDigits((short) (addresses.length() / 2));
    return HexFormat.of()
        .parseHex("0d0a0d0a000d0a515549540a" + command + family + length + addresses);
  }

  private Socket fromProxy(int port) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress("127.0.0.9", 0));
    socket.connect(new InetSocketAddress(HERE, port));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static final String IPV4_CLIENT = "c6336407" + "7f000001" + "d431" + "01bb";

  @Test
  void believesItsProxies() throws Exception {
    Socket plain = fromProxy(config.tlsPort());
    // A TLV of three bytes stands behind the addresses.
    plain.getOutputStream().write(proxyHeader("21", "11", IPV4_CLIENT + "030000"));
    try (SSLSocket socket = WireClient.secure(plain)) {
      post(socket, "");
      assertThat(answer(socket)).contains(" 200 ");
    }
    assertThat(clients.poll(10, TimeUnit.SECONDS))
        .isEqualTo(new InetSocketAddress("198.51.100.7", 0xd431));
  }

  @Test
  void tellsClientsBehindProxiesTheirAddress() throws Exception {
    Socket plain = fromProxy(config.port());
    plain
        .getOutputStream()
        .write(
            proxyHeader(
                "21",
                "21",
                "20010db8000000000000000000000007"
                    + "20010db8000000000000000000000001"
                    + "d43101bb"));
    try (WireClient client = WireClient.of(plain)) {
      assertThat(client.plain(TestMessage.binding()).addresses(0x0020))
          .containsExactly(new InetSocketAddress("2001:db8::7", 0xd431));
    }
  }

  @Test
  void answersAProxyThatLooksWhetherItIsThere() throws Exception {
    Socket plain = fromProxy(config.port());
    plain.getOutputStream().write(proxyHeader("20", "00", ""));
    try (WireClient client = WireClient.of(plain)) {
      assertThat(client.plain(TestMessage.binding()).addresses(0x0020))
          .containsExactly((InetSocketAddress) plain.getLocalSocketAddress());
    }
  }

  @Test
  void doesWithoutAProxyThatSaysNothing() throws Exception {
    for (byte[] wrong :
        List.of(
            "PROXY TCP4 198.51.100.7 127.0.0.1 1 2\r\n".getBytes(StandardCharsets.US_ASCII),
            TestMessage.binding().bytes(),
            proxyHeader("21", "12", IPV4_CLIENT), // UDP
            proxyHeader("21", "21", IPV4_CLIENT), // too short for IPv6
            proxyHeader("11", "11", IPV4_CLIENT))) {
      try (WireClient client = WireClient.of(fromProxy(config.port()))) {
        client.raw(wrong);
        assertThat(client.isEnded()).isTrue();
      }
    }
  }

  @Test
  void believesNobodyElse() throws Exception {
    try (WireClient client = WireClient.tcp(new InetSocketAddress(HERE, config.port()))) {
      client.raw(proxyHeader("21", "11", IPV4_CLIENT));
      assertThat(client.isEnded()).isTrue();
    }
  }
}
