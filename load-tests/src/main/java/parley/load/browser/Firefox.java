package parley.load.browser;

import static parley.load.browser.DebugChannel.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Firefox by WebDriver BiDi, spoken to the browser itself. */
final class Firefox implements Browser {

  private final BrowserProcess process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final DebugChannel channel;
  private final String context;
  private final PageConsole console = new PageConsole();
  private final List<String> preloads = new ArrayList<>();

  static Firefox start(BrowserSettings settings) {
    Path profile = BrowserProcess.newProfile("firefox");
    try {
      Files.writeString(profile.resolve("user.js"), preferences(settings));
      NamedServer server = settings.server();
      if (server != null) {
        trust(server.authority(), profile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>();
    BrowserPlace place = settings.place();
    if (place != null) {
      command.addAll(place.prefix());
    }
    command.addAll(
        List.of(
            "firefox-esr",
            "--headless",
            "--no-remote",
            "--remote-debugging-port",
            "0",
            "--profile",
            profile.toString()));
    BrowserProcess process = new BrowserProcess(command, profile, true);
    try {
      return new Firefox(process, settings);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private static void trust(Path authority, Path profile) throws IOException {
    String database = "sql:" + profile;
    certutil("-N", "-d", database, "--empty-password");
    certutil("-A", "-d", database, "-n", "tests", "-t", "C,,", "-i", authority.toString());
  }

  private static void certutil(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("certutil"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new BrowserFailure("certutil does not take the certificate: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserFailure("interrupted while a browser was told whom to trust", e);
    }
  }

  private static String preferences(BrowserSettings settings) {
    Map<String, Object> prefs = new LinkedHashMap<>();
    // A closed network: nothing phones home while a test runs.
    prefs.put("app.update.disabledForTesting", true);
    prefs.put("app.normandy.enabled", false);
    prefs.put("browser.safebrowsing.update.enabled", false);
    prefs.put("datareporting.policy.dataSubmissionEnabled", false);
    prefs.put("extensions.update.enabled", false);
    prefs.put("network.captive-portal-service.enabled", false);
    prefs.put("network.connectivity-service.enabled", false);
    prefs.put("services.settings.server", "data:,#remote-settings-dummy/v1");
    prefs.put("browser.shell.checkDefaultBrowser", false);
    prefs.put("browser.startup.homepage_override.mstone", "ignore");
    prefs.put("browser.aboutwelcome.enabled", false);
    prefs.put("browser.preonboarding.enabled", false);
    prefs.put("termsofuse.bypassNotification", true);
    prefs.put("datareporting.policy.firstRunURL", "");
    prefs.put("toolkit.telemetry.reportingpolicy.firstRun", false);
    // One page a browser: fewer processes start faster.
    prefs.put("dom.ipc.processCount", 1);
    prefs.put("dom.ipc.processPrelaunch.enabled", false);
    // 80 ms of sound in stock: with less, a busy machine makes its audio clock stand still.
    prefs.put("media.cubeb_latency_mtg_frames", 3840);
    // The microphone is no real one, and the person said yes when asked for it.
    prefs.put("media.navigator.streams.fake", true);
    prefs.put("media.navigator.permission.disabled", true);
    NamedServer server = settings.server();
    if (server != null) {
      prefs.put("network.dns.forceResolve", server.address());
    }
    if (settings.testFlags()) {
      prefs.put("permissions.default.microphone", 1);
      prefs.put("media.peerconnection.ice.loopback", true);
      prefs.put("media.peerconnection.ice.obfuscate_host_addresses", false);
      prefs.put("media.autoplay.default", 0);
      prefs.put("media.autoplay.blocking_policy", 0);
    }
    StringBuilder text = new StringBuilder();
    prefs.forEach(
        (name, value) -> {
          String literal = value instanceof String s ? PageExpression.quote(s) : value.toString();
          text.append("user_pref(\"%s\", %s);\n".formatted(name, literal));
        });
    return text.toString();
  }

  private Firefox(BrowserProcess process, BrowserSettings settings) {
    this.process = process;
    URI endpoint = URI.create(process.endpoint() + "/session");
    BrowserPlace place = settings.place();
    channel = new DebugChannel(http, place == null ? endpoint : place.bridge(endpoint));
    channel.onEvent(this::onEvent);
    ObjectNode capabilities = JSON.createObjectNode();
    capabilities
        .putObject("capabilities")
        .putObject("alwaysMatch")
        .put("acceptInsecureCerts", place != null);
    call("session.new", capabilities);
    ObjectNode events = JSON.createObjectNode();
    events.putArray("events").add("log.entryAdded").add("network.responseStarted");
    call("session.subscribe", events);
    ObjectNode intercept = JSON.createObjectNode();
    intercept.putArray("phases").add("responseStarted");
    intercept.putArray("urlPatterns").addObject().put("type", "pattern").put("pathname", "/");
    call("network.addIntercept", intercept);
    context = newPage();
    resize(settings.width(), settings.height());
  }

  /**
   * The first page of a headless Firefox never gets the focus, and without it Enter and Space press
   * no button; a page that is opened later does.
   */
  private String newPage() {
    JsonNode first = call("browsingContext.getTree", JSON.createObjectNode()).at("/contexts/0");
    JsonNode page = call("browsingContext.create", JSON.createObjectNode().put("type", "tab"));
    ObjectNode old = JSON.createObjectNode();
    call("browsingContext.close", old.put("context", first.path("context").asText()));
    ObjectNode here = JSON.createObjectNode();
    call("browsingContext.activate", here.put("context", page.path("context").asText()));
    return page.path("context").asText();
  }

  private JsonNode call(String method, ObjectNode params) {
    ObjectNode command = JSON.createObjectNode().put("method", method);
    command.set("params", params);
    return channel.call(command);
  }

  private ObjectNode here() {
    return JSON.createObjectNode().put("context", context);
  }

  private void onEvent(String method, JsonNode params) {
    if (method.equals("network.responseStarted") && params.path("isBlocked").asBoolean()) {
      // Not on this thread, which has to hear the answer.
      Thread.ofVirtual().start(() -> withoutPolicy(params));
    }
    if (method.equals("log.entryAdded")) {
      String level = params.path("type").asText().equals("javascript") ? "threw" : "";
      console.add(
          level.isEmpty() ? params.path("level").asText() : level, params.path("text").asText());
    }
  }

  /**
   * Lets a page's response pass without its content security policy: the ears' recorder is a script
   * that a page with a strict policy would not load.
   */
  private void withoutPolicy(JsonNode response) {
    ObjectNode params = JSON.createObjectNode();
    params.put("request", response.at("/request/request").asText());
    ArrayNode headers = params.putArray("headers");
    for (JsonNode header : response.at("/response/headers")) {
      if (!header.path("name").asText().equalsIgnoreCase("content-security-policy")) {
        headers.add(header);
      }
    }
    call("network.continueResponse", params);
  }

  @Override
  public BrowserKind kind() {
    return BrowserKind.FIREFOX;
  }

  @Override
  public void open(String url) {
    console.clear();
    call("browsingContext.navigate", here().put("url", url).put("wait", "complete"));
  }

  @Override
  public JsonNode evaluate(String expression) {
    ObjectNode params = JSON.createObjectNode();
    params.put("expression", PageExpression.toJson(expression)).put("awaitPromise", true);
    params.set("target", here());
    JsonNode answer = call("script.evaluate", params);
    if (answer.path("type").asText().equals("exception")) {
      throw new BrowserFailure(
          "the page threw: "
              + answer.at("/exceptionDetails/text").asText()
              + "\nin: "
              + PageExpression.shorten(expression));
    }
    return PageExpression.fromJson(answer.at("/result/value").asText());
  }

  @Override
  public void preload(String script) {
    ObjectNode params = JSON.createObjectNode();
    params.put("functionDeclaration", "() => {\n" + script + "\n}");
    preloads.add(call("script.addPreloadScript", params).path("script").asText());
  }

  @Override
  public void clearPreloads() {
    for (String id : preloads) {
      call("script.removePreloadScript", JSON.createObjectNode().put("script", id));
    }
    preloads.clear();
  }

  @Override
  public void resize(int width, int height) {
    ObjectNode params = here();
    params.putObject("viewport").put("width", width).put("height", height);
    call("browsingContext.setViewport", params);
  }

  @Override
  public void screenshot(Path file) {
    String data = call("browsingContext.captureScreenshot", here()).path("data").asText();
    try {
      Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void click(String selector) {
    JsonNode middle = evaluate(PageExpression.middleOf(selector));
    ObjectNode pointer = JSON.createObjectNode().put("type", "pointer").put("id", "mouse");
    ArrayNode actions = pointer.putArray("actions");
    actions
        .addObject()
        .put("type", "pointerMove")
        .put("x", middle.path("x").asInt())
        .put("y", middle.path("y").asInt());
    actions.addObject().put("type", "pointerDown").put("button", 0);
    actions.addObject().put("type", "pointerUp").put("button", 0);
    perform(pointer);
  }

  @Override
  public void press(Key key, boolean shift) {
    ObjectNode keyboard = JSON.createObjectNode().put("type", "key").put("id", "keyboard");
    ArrayNode actions = keyboard.putArray("actions");
    if (shift) {
      actions.addObject().put("type", "keyDown").put("value", SHIFT);
    }
    actions.addObject().put("type", "keyDown").put("value", key.webDriver);
    actions.addObject().put("type", "keyUp").put("value", key.webDriver);
    if (shift) {
      actions.addObject().put("type", "keyUp").put("value", SHIFT);
    }
    perform(keyboard);
  }

  /** WebDriver §17.4.2. */
  private static final String SHIFT = "\uE008";

  @Override
  public void type(String text) {
    ObjectNode keyboard = JSON.createObjectNode().put("type", "key").put("id", "keyboard");
    ArrayNode actions = keyboard.putArray("actions");
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            c -> {
              actions.addObject().put("type", "keyDown").put("value", c);
              actions.addObject().put("type", "keyUp").put("value", c);
            });
    perform(keyboard);
  }

  private void perform(ObjectNode source) {
    ObjectNode params = here();
    params.putArray("actions").add(source);
    call("input.performActions", params);
  }

  @Override
  public List<String> console() {
    return console.lines();
  }

  @Override
  public void close() {
    channel.close();
    http.shutdownNow();
    process.close();
  }

  @Override
  public String toString() {
    return "Firefox";
  }
}
