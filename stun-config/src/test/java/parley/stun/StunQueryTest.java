package parley.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StunQueryTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  /** The answer of RFC 5769 §2.2. */
  private static final byte[] ANSWER =
      HexFormat.of()
          .parseHex(
              "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
                  + "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
                  + "80280004c07d4c96");

  private static final byte[] ID = HexFormat.of().parseHex("b7e7a701bc34d686fa87dfae");

  @Test
  void readsTheMappedAddress() throws Exception {
    assertThat(StunQuery.mapped(ByteBuffer.wrap(ANSWER), ID))
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 32_853));
  }

  @Test
  void believesOnlyTheAnswerToItsOwnQuestion() throws Exception {
    assertThat(StunQuery.mapped(ByteBuffer.wrap(ANSWER), new byte[12])).isNull();
  }

  @Property
  void neverThrowsWhateverArrives(@ForAll @Size(max = 80) byte[] bytes) throws Exception {
    byte[] answer = ANSWER.clone();
    System.arraycopy(bytes, 0, answer, 20, Math.min(bytes.length, answer.length - 20));
    StunQuery.mapped(ByteBuffer.wrap(answer), ID);
    StunQuery.mapped(ByteBuffer.wrap(bytes), ID);
  }

  @Test
  void asksAServerAndAsksAgain() throws Exception {
    try (var server = new DatagramSocket(0, HERE)) {
      Thread answering = Thread.ofVirtual().start(() -> answerTheSecond(server));
      String entry = "stun:127.0.0.1:" + server.getLocalPort();
      assertThat(new PublicAddress().resolve(List.of(entry, "203.0.113.9")))
          .containsExactly("192.0.2.1", "203.0.113.9");
      answering.join();
    }
  }

  private static void answerTheSecond(DatagramSocket server) {
    try {
      var packet = new DatagramPacket(new byte[100], 100);
      server.receive(packet);
      server.receive(packet);
      byte[] answer = ANSWER.clone();
      System.arraycopy(packet.getData(), 8, answer, 8, 12);
      server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysWhoDidNotAnswer() {
    assertThatThrownBy(() -> new PublicAddress().resolve(List.of("stun:nowhere.invalid:3478")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("stun:nowhere.invalid:3478 did not tell the public address")
        .hasMessageContaining("right would be");
  }

  @Test
  void asksTheCloudsInTheirWays() throws Exception {
    HttpServer cloud = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    cloud.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          var headers = exchange.getRequestHeaders();
          boolean allowed =
              switch (path) {
                case "/latest/api/token" -> exchange.getRequestMethod().equals("PUT");
                case "/latest/meta-data/public-ipv4" ->
                    "token".equals(headers.getFirst("X-aws-ec2-metadata-token"));
                default ->
                    "Google".equals(headers.getFirst("Metadata-Flavor"))
                        || "true".equals(headers.getFirst("Metadata"));
              };
          String body = path.endsWith("token") ? "token" : "203.0.113.20\n";
          exchange.sendResponseHeaders(allowed ? 200 : 403, 0);
          exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    cloud.start();
    try {
      var address =
          new PublicAddress(URI.create("http://127.0.0.1:" + cloud.getAddress().getPort() + "/"));
      assertThat(address.resolve(List.of("cloud:aws", "cloud:google", "cloud:azure")))
          .containsExactly("203.0.113.20", "203.0.113.20", "203.0.113.20");
      assertThatThrownBy(() -> address.resolve(List.of("cloud:nine")))
          .hasMessageContaining("cloud:aws");
    } finally {
      cloud.stop(0);
    }
  }
}
