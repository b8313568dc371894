package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.load.server.OwnNode;

/** Pages, HTTP API and WebSockets on the TURN server's TLS port. */
class HttpsPortTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  @TempDir private Path folder;

  @Test
  void servesPagesApiAndWebSockets() throws Exception {
    TestKeys keys = TestKeys.write(folder);
    int port = FreePort.at(HERE);
    Map<String, String> settings =
        Map.of(
            "PARLEY_DIRECTORY_DEMO_ON_NETWORK",
            "true",
            "PARLEY_TURN_ENABLED",
            "true",
            "PARLEY_TURN_ADDRESSES",
            "127.0.0.1",
            "PARLEY_TURN_PORT",
            String.valueOf(FreePort.at(HERE)),
            "PARLEY_TURN_TLS_PORT",
            String.valueOf(port),
            "PARLEY_TURN_CERTIFICATE",
            keys.chain().toString(),
            "PARLEY_TURN_KEY",
            keys.key().toString(),
            "PARLEY_TURN_SECRETS",
            "north wind");
    try (OwnNode _ = OwnNode.start(settings);
        HttpClient browser = HttpClient.newBuilder().sslContext(trusting(keys)).build()) {
      String base = "https://localhost:" + port;
      HttpResponse<String> page = get(browser, base + "/");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("<html");
      JsonNode servers = new ObjectMapper().readTree(get(browser, base + "/features.json").body());
      assertThat(servers.findValuesAsText("urls"))
          .as("TURN on the very port by which the page came")
          .anyMatch(url -> url.equals("turns:localhost:" + port + "?transport=tcp"));
      var heard = new Listener();
      WebSocket socket =
          browser
              .newWebSocketBuilder()
              .header("token", "alice")
              .buildAsync(
                  URI.create("wss://localhost:" + port + "/messaging/" + OwnNode.DEMO_TEAM), heard)
              .get(10, TimeUnit.SECONDS);
      assertThat(heard.first.get(10, TimeUnit.SECONDS)).contains("server.");
      socket.abort();
    }
  }

  private static HttpResponse<String> get(HttpClient browser, String url) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(url)).header("token", "alice").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static SSLContext trusting(TestKeys keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var chain = Files.newInputStream(keys.chain())) {
      store.setCertificateEntry(
          "one", CertificateFactory.getInstance("X.509").generateCertificate(chain));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static final class Listener implements WebSocket.Listener {
    final CompletableFuture<String> first = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      first.complete(data.toString());
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
