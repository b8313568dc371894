package parley.load.interop;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import parley.load.audio.Pcm;
import parley.load.browser.Browser;
import parley.load.browser.BrowserFailure;
import parley.load.browser.Client;

/** A client that is a page of ours in a browser, with the instruments of the browser tests. */
final class BrowserClient implements CallClient {

  private final Browser browser;
  private final Client client;
  private final Runnable whenClosed;

  /**
   * @param page where the page is served
   * @param whenClosed takes the browser back
   */
  BrowserClient(Browser browser, String page, Role role, Runnable whenClosed) {
    this.browser = browser;
    this.whenClosed = whenClosed;
    client = Client.prepare(browser, browser.kind().name(), role.toneHz(), Map.of());
    String task = URLEncoder.encode(role.json().toString(), StandardCharsets.UTF_8);
    // The same address with another name behind the # would not load the page again.
    browser.open("about:blank");
    browser.open(page + "#" + task.replace("+", "%20"));
  }

  @Override
  public List<Pcm> listen(Duration length) {
    try {
      if (!browser.evaluate("parleyEars.open()").asBoolean()) {
        return List.of();
      }
      return List.of(client.hear(length));
    } catch (BrowserFailure e) {
      throw new ClientFailure("the page does not answer", e);
    }
  }

  @Override
  public String describe() {
    try {
      return "said: " + browser.evaluate("client.reports") + "\n" + client.describe();
    } catch (BrowserFailure e) {
      return "the page does not answer: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    try {
      browser.evaluate("new Promise((done) => { client.leave(); setTimeout(done, 200); })");
      browser.clearPreloads();
      browser.open("about:blank");
    } finally {
      whenClosed.run();
    }
  }
}
