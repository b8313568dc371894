package parley.load.browser;

import static parley.load.browser.DebugChannel.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Chromium by the Chrome DevTools Protocol: no driver program to install and keep in step. */
final class Chromium implements Browser {

  private final BrowserProcess process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final DebugChannel channel;
  private final String session;
  private final PageConsole console = new PageConsole();
  private final List<String> preloads = new ArrayList<>();
  private final AtomicReference<CompletableFuture<Void>> loaded =
      new AtomicReference<>(new CompletableFuture<>());

  static Chromium start(BrowserSettings settings) {
    Path profile = BrowserProcess.newProfile("chromium");
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless=new",
                // Root has no sandbox, containers often have none either.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                // A closed network: nothing phones home while a test runs.
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
                "--use-fake-device-for-media-stream",
                "--window-size=" + settings.width() + "," + settings.height()));
    if (settings.testFlags()) {
      command.add("--use-fake-ui-for-media-stream");
      command.add("--allow-loopback-in-peer-connection");
      command.add("--autoplay-policy=no-user-gesture-required");
      // Several browsers share one machine; each must behave as if it were in front.
      command.add("--disable-renderer-backgrounding");
      command.add("--disable-background-timer-throttling");
    }
    BrowserPlace place = settings.place();
    if (place != null) {
      command.addAll(0, place.prefix());
      command.add("--ignore-certificate-errors");
    }
    NamedServer server = settings.server();
    if (server != null) {
      command.add("--host-resolver-rules=MAP " + server.name() + " " + server.addressInUrl());
    }
    command.add("about:blank");
    BrowserProcess process = new BrowserProcess(command, profile, false);
    try {
      return new Chromium(process, settings);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private Chromium(BrowserProcess process, BrowserSettings settings) {
    this.process = process;
    channel = new DebugChannel(http, endpoint(process, settings.place()));
    session = attach();
    channel.onEvent(this::onEvent);
    call("Page.enable", JSON.createObjectNode());
    call("Runtime.enable", JSON.createObjectNode());
    // The ears' recorder is a script that no server of a page's own policy serves.
    call("Page.setBypassCSP", JSON.createObjectNode().put("enabled", true));
    if (!settings.testFlags()) {
      // The person said yes when asked for the microphone.
      ObjectNode permissions = JSON.createObjectNode();
      permissions.putArray("permissions").add("audioCapture");
      call("Browser.grantPermissions", permissions);
    }
    resize(settings.width(), settings.height());
  }

  private static URI endpoint(BrowserProcess process, @Nullable BrowserPlace place) {
    URI endpoint = URI.create(process.endpoint());
    return place == null ? endpoint : place.bridge(endpoint);
  }

  private String attach() {
    for (JsonNode target : command("Target.getTargets").path("targetInfos")) {
      if (target.path("type").asText().equals("page")) {
        ObjectNode params = JSON.createObjectNode();
        params.put("targetId", target.path("targetId").asText()).put("flatten", true);
        ObjectNode attach = JSON.createObjectNode().put("method", "Target.attachToTarget");
        attach.set("params", params);
        return channel.call(attach).path("sessionId").asText();
      }
    }
    throw new BrowserFailure("Chromium came up without a page");
  }

  private JsonNode command(String method) {
    return channel.call(JSON.createObjectNode().put("method", method));
  }

  private JsonNode call(String method, ObjectNode params) {
    ObjectNode command = JSON.createObjectNode().put("method", method).put("sessionId", session);
    command.set("params", params);
    return channel.call(command);
  }

  private void onEvent(String method, JsonNode params) {
    switch (method) {
      case "Page.loadEventFired" -> Objects.requireNonNull(loaded.get()).complete(null);
      case "Runtime.exceptionThrown" ->
          console.add(
              "threw",
              params
                  .at("/exceptionDetails/exception/description")
                  .asText(params.at("/exceptionDetails/text").asText()));
      case "Runtime.consoleAPICalled" -> {
        StringBuilder text = new StringBuilder();
        for (JsonNode argument : params.path("args")) {
          text.append(argument.path("value").asText(argument.path("description").asText()))
              .append(' ');
        }
        console.add(params.path("type").asText(), text.toString().strip());
      }
      default -> {} // The protocol tells much that no test asks for.
    }
  }

  @Override
  public BrowserKind kind() {
    return BrowserKind.CHROMIUM;
  }

  @Override
  public void open(String url) {
    console.clear();
    CompletableFuture<Void> load = new CompletableFuture<>();
    loaded.set(load);
    JsonNode answer = call("Page.navigate", JSON.createObjectNode().put("url", url));
    if (answer.has("errorText")) {
      throw new BrowserFailure(url + " does not open: " + answer.path("errorText").asText());
    }
    try {
      load.get(DebugChannel.ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BrowserFailure(url + " did not finish loading", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserFailure("interrupted while loading " + url, e);
    }
  }

  @Override
  public JsonNode evaluate(String expression) {
    ObjectNode params = JSON.createObjectNode();
    params.put("expression", PageExpression.toJson(expression));
    params.put("awaitPromise", true).put("returnByValue", true);
    JsonNode answer = call("Runtime.evaluate", params);
    if (answer.has("exceptionDetails")) {
      throw new BrowserFailure(
          "the page threw: "
              + answer
                  .at("/exceptionDetails/exception/description")
                  .asText(answer.path("exceptionDetails").toString())
              + "\nin: "
              + PageExpression.shorten(expression));
    }
    return PageExpression.fromJson(answer.at("/result/value").asText());
  }

  @Override
  public void preload(String script) {
    ObjectNode params = JSON.createObjectNode().put("source", script);
    preloads.add(call("Page.addScriptToEvaluateOnNewDocument", params).path("identifier").asText());
  }

  @Override
  public void clearPreloads() {
    for (String id : preloads) {
      call(
          "Page.removeScriptToEvaluateOnNewDocument",
          JSON.createObjectNode().put("identifier", id));
    }
    preloads.clear();
  }

  @Override
  public void resize(int width, int height) {
    ObjectNode params = JSON.createObjectNode();
    params.put("width", width).put("height", height);
    params.put("deviceScaleFactor", 1).put("mobile", false);
    call("Emulation.setDeviceMetricsOverride", params);
  }

  @Override
  public void screenshot(Path file) {
    ObjectNode params = JSON.createObjectNode().put("format", "png");
    String data = call("Page.captureScreenshot", params).path("data").asText();
    try {
      Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void click(String selector) {
    JsonNode middle = evaluate(PageExpression.middleOf(selector));
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      ObjectNode params = JSON.createObjectNode().put("type", type);
      params.put("x", middle.path("x").asDouble()).put("y", middle.path("y").asDouble());
      if (!type.equals("mouseMoved")) {
        params.put("button", "left").put("clickCount", 1);
      }
      call("Input.dispatchMouseEvent", params);
    }
  }

  @Override
  public void press(Key key, boolean shift) {
    for (String type : List.of(key.text.isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
      ObjectNode params = JSON.createObjectNode().put("type", type);
      params.put("key", key.domKey()).put("code", key.code);
      params.put("windowsVirtualKeyCode", key.windowsCode).put("modifiers", shift ? 8 : 0);
      if (type.equals("keyDown")) {
        params.put("text", key.text);
      }
      call("Input.dispatchKeyEvent", params);
    }
  }

  @Override
  public void type(String text) {
    call("Input.insertText", JSON.createObjectNode().put("text", text));
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
    return "Chromium";
  }
}
