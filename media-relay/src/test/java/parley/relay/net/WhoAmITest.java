package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay's ports as the STUN servers that clients are told of when no other is configured. */
class WhoAmITest {

  private static final HexFormat HEX = HexFormat.of();
  private static final String TRANSACTION = "b7e7a701bc34d686fa87dfae";

  @TempDir Path recordings;
  private int askedFrom;

  @Test
  void tellsAClientItsAddress() throws Exception {
    byte[] answer = ask("0001 0000 2112a442" + TRANSACTION);

    assertThat(HEX.formatHex(answer, 0, 2)).as("Binding success").isEqualTo("0101");
    assertThat(HEX.formatHex(answer, 8, 20)).as("transaction").isEqualTo(TRANSACTION);
    assertThat(HEX.formatHex(answer, 20, 26))
        .as("XOR-MAPPED-ADDRESS, IPv4")
        .isEqualTo("002000080001");
    int port = (Byte.toUnsignedInt(answer[26]) << 8 | Byte.toUnsignedInt(answer[27])) ^ 0x2112;
    assertThat(port).isEqualTo(askedFrom);
    assertThat(HEX.formatHex(answer, 28, 32)).as("127.0.0.1 xor cookie").isEqualTo("5e12a443");
  }

  @Test
  void namesTheAttributeThatItDoesNotUnderstand() throws Exception {
    byte[] answer = ask("0001 0004 2112a442" + TRANSACTION + "7fff 0000");

    assertThat(HEX.formatHex(answer, 0, 2)).as("Binding error").isEqualTo("0111");
    assertThat(HEX.formatHex(answer)).as("420 and 0x7fff").contains("00000414").contains("7fff");
  }

  private byte[] ask(String question) throws Exception {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try (RunningRelay running = new RunningRelay(recordings);
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
      askedFrom = socket.getLocalPort();
      socket.setSoTimeout((int) RunningRelay.PATIENCE.toMillis());
      byte[] request = HEX.parseHex(question.replace(" ", ""));
      socket.send(new DatagramPacket(request, request.length, running.relay.bound().getFirst()));
      DatagramPacket received = new DatagramPacket(new byte[1500], 1500);
      socket.receive(received);
      return Arrays.copyOf(received.getData(), received.getLength());
    }
  }
}
