package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import parley.load.audio.Pcm;
import parley.load.audio.Spectrum;
import parley.load.audio.ToneCurve;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.browser.Key;
import parley.load.impair.Impairment;
import parley.load.impair.ImpairmentProxy;

/** The instruments, tried on a call between two browsers that needs no Parley. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarnessTest {

  private static final String PAGE =
      """
      <!doctype html><title>two browsers</title><body><input id=name><button id=go>Go</button>
      <script>
      let clicks = 0;
      document.querySelector('#go').onclick = () => { clicks++; };
      async function begin(offer) {
        globalThis.pc = new RTCPeerConnection();
        globalThis.audio = new Audio();
        pc.ontrack = (e) => { audio.srcObject = e.streams[0] ?? new MediaStream([e.track]); audio.play(); };
        const stream = await navigator.mediaDevices.getUserMedia({audio: true});
        stream.getTracks().forEach((t) => pc.addTrack(t, stream));
        globalThis.voice = stream.getTracks()[0];
        if (offer) await pc.setRemoteDescription({type: 'offer', sdp: offer});
        await pc.setLocalDescription();
        while (pc.iceGatheringState !== 'complete') await new Promise((r) => setTimeout(r, 50));
        return pc.localDescription.sdp;
      }
      </script>
      """;

  private HttpServer server;
  private Browser chromium;
  private Browser firefox;

  @BeforeAll
  void start(Browsers browsers) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          // As strict as a real server's: the instruments must work all the same.
          exchange
              .getResponseHeaders()
              .add("Content-Security-Policy", "default-src 'self' 'unsafe-inline'");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    chromium = browsers.chromium();
    firefox = browsers.firefox();
  }

  @AfterAll
  void stop() {
    for (Browser browser : List.of(chromium, firefox)) {
      browser.clearPreloads();
      browser.open("about:blank");
    }
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @Test
  void hearsTheToneThatTheOtherBrowserSendsAndNotItsOwn() {
    Client a = Client.prepare(chromium, "a", Tones.ALICE, Map.of());
    Client b = Client.prepare(firefox, "b", Tones.BOB, Map.of());
    connect(a, b);
    for (Client client : List.of(a, b)) {
      Client other = client == a ? b : a;
      Eventually.until(
          client + " hears " + other,
          Duration.ofSeconds(20),
          () -> client.spectrum(Duration.ofSeconds(1)).holds(other.toneHz()),
          client::describe);
      Spectrum heard = client.spectrum(Duration.ofSeconds(2));
      assertThat(heard.tonesAmong(Tones.ALL))
          .as("%s hears %s", client, heard)
          .containsExactly(other.toneHz());
    }

    double mutedAt = a.evaluate("(voice.enabled = false, Date.now())").asDouble();
    Pcm around = b.hear(mutedAt - 500, mutedAt + 1000);
    ToneCurve curve = ToneCurve.of(around, a.toneHz());
    double gone = curve.lastAboveMs(-45);
    assertThat(gone - mutedAt).as("ms until the tone was gone").isBetween(0.0, 200.0);
  }

  @Test
  void losesPacketsOnTheDetour() {
    Client a = Client.prepare(firefox, "a", Tones.ALICE, Map.of());
    a.browser().open(url());
    String offer = a.evaluate("begin()").asText();
    int port = portOf(offer);
    try (ImpairmentProxy proxy =
        new ImpairmentProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 7)) {
      Client b = Client.prepare(chromium, "b", Tones.BOB, Map.of(port, proxy.port()));
      b.browser().open(url());
      String answer = b.evaluate("begin(" + quote(offer) + ")").asText();
      // Without candidates of b, a learns b's address from the proxy alone.
      String hidden = answer.replaceAll("a=candidate:[^\r]*\r\n", "");
      a.evaluate(
          "pc.setRemoteDescription({type: 'answer', sdp: " + quote(hidden) + "}).then(() => 1)");
      Eventually.until(
          "b hears a through the proxy",
          Duration.ofSeconds(20),
          () -> b.spectrum(Duration.ofSeconds(1)).holds(a.toneHz()),
          b::describe);
      long seen = proxy.seen();
      proxy.impair(Impairment.NONE.withLoss(0.05));
      Eventually.until("traffic", Duration.ofSeconds(20), () -> proxy.seen() > seen + 400);
      assertThat(proxy.lost() / (double) (proxy.seen() - seen)).isBetween(0.01, 0.12);
      assertThat(b.spectrum(Duration.ofSeconds(2)).holds(a.toneHz())).isTrue();

      proxy.impair(Impairment.BLACKOUT);
      Eventually.until(
          "silence",
          Duration.ofSeconds(20),
          () -> !b.spectrum(Duration.ofMillis(500)).holds(a.toneHz()));
      proxy.impair(Impairment.NONE);
      Eventually.until(
          "b hears a again",
          Duration.ofSeconds(20),
          () -> b.spectrum(Duration.ofSeconds(1)).holds(a.toneHz()));
    }
  }

  @Test
  void clicksTypesAndPhotographs(@TempDir Path folder) throws IOException {
    for (Browser browser : List.of(chromium, firefox)) {
      browser.clearPreloads();
      browser.open(url());
      browser.click("#go");
      browser.click("#name");
      browser.type("Zoë");
      browser.press(Key.TAB);
      browser.press(Key.ENTER);
      browser.press(Key.SPACE);
      browser.press(Key.TAB, true);
      assertThat(
              browser
                  .evaluate(
                      "[clicks, document.querySelector('#name').value, document.activeElement.id]")
                  .toString())
          .isEqualTo("[3,\"Zoë\",\"name\"]");
      browser.resize(390, 844);
      assertThat(browser.evaluate("innerWidth").asInt()).isEqualTo(390);
      Path file = folder.resolve(browser + ".png");
      browser.screenshot(file);
      assertThat(Files.size(file)).isGreaterThan(500);
      browser.evaluate("console.log('one', 2) || setTimeout(() => { throw new Error('late'); })");
      Eventually.until(
          browser + " tells what its page said",
          Duration.ofSeconds(10),
          () -> browser.console().toString().contains("late"),
          () -> browser.console().toString());
      assertThat(browser.console().getFirst()).contains("one 2");
      browser.resize(1280, 800);
    }
  }

  private void connect(Client a, Client b) {
    a.browser().open(url());
    b.browser().open(url());
    String offer = a.evaluate("begin()").asText();
    String answer = b.evaluate("begin(" + quote(offer) + ")").asText();
    a.evaluate(
        "pc.setRemoteDescription({type: 'answer', sdp: " + quote(answer) + "}).then(() => 1)");
  }

  private static int portOf(String sdp) {
    return sdp.lines()
        .filter(l -> l.startsWith("a=candidate:") && l.contains(" 127.0.0.1 "))
        .mapToInt(l -> Integer.parseInt(l.split(" ")[5]))
        .filter(p -> p > 9)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no 127.0.0.1 in " + sdp));
  }

  private static String quote(String text) {
    return '"' + text.replace("\r", "\\r").replace("\n", "\\n").replace("\"", "\\\"") + '"';
  }
}
