package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.impair.ImpairmentProxy;
import parley.load.server.ParleyProcess;
import parley.load.server.WireClient;

/** One Parley and the people in front of it. */
final class World implements AutoCloseable {

  static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  static final String RECORDED_GROUP = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";

  /** Two cores start four browsers' media and much else: what takes one second may take ten. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ParleyProcess parley;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Person, String> jids = new EnumMap<>(Person.class);
  private final List<Client> clients = new ArrayList<>();

  World() {
    this(Map.of(), List.of());
  }

  World(Map<String, String> settings, List<String> jvmOptions) {
    try {
      folder = Files.createTempDirectory("parley-world-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parley = ParleyProcess.start(folder, settings, jvmOptions);
  }

  ParleyProcess parley() {
    return parley;
  }

  /** The contact's jid as the server tells it to himself. */
  String jid(Person person) {
    return jids.computeIfAbsent(
        person, p -> get("/api/v4/teams/" + TEAM, p.token()).at("/result/me/jid").asText());
  }

  /** The server's answer to a GET with a token. */
  JsonNode get(String path, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(parley.url() + path)).header("token", token).build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Opens the page as this person, with a tone for a voice. */
  Client signIn(Person person, Browser browser) {
    return signIn(person, browser, Map.of());
  }

  /** The same with media by way of proxies: relay port → proxy port. */
  Client signIn(Person person, Browser browser, Map<Integer, Integer> detours) {
    Client client = Client.prepare(browser, person.shortName(), person.toneHz, detours);
    // The same address with another name behind the # would not load the page again.
    browser.open("about:blank");
    browser.open(parley.url() + "/#as=" + person.token());
    clients.add(client);
    awaitPage(client, "signed in", "globalThis.parley?.state === 'online'");
    return client;
  }

  /**
   * Signs this person in on a device that only speaks. Its page is a text of the same server: there
   * is nothing to draw.
   */
  Client signInToSpeak(Person person, Browser browser, Map<Integer, Integer> detours) {
    Client client = Client.sender(browser, person.shortName(), person.toneHz, detours);
    browser.open("about:blank");
    browser.open(parley.url() + "/parley-client.js");
    clients.add(client);
    client.evaluate("parley.signIn('%s', '%s')".formatted(TEAM, person.token()));
    awaitPage(client, "signed in", "parley.state === 'online'");
    return client;
  }

  /** A proxy of each media port, added to these: relay port → proxy port. */
  Map<Integer, Integer> detours(List<ImpairmentProxy> proxies) {
    Map<Integer, Integer> detours = new HashMap<>();
    for (int port : parley.mediaPorts()) {
      ImpairmentProxy proxy =
          new ImpairmentProxy(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), proxies.size());
      proxies.add(proxy);
      detours.put(port, proxy.port());
    }
    return detours;
  }

  /** A device that has no browser. */
  WireClient wire(Person person) {
    return new WireClient(parley.url(), TEAM, person.token());
  }

  /** Calls a contact or a group, or joins or accepts its call. */
  void call(Client client, String jid) {
    client.evaluate("parley.call('" + jid + "').then(() => true)");
  }

  void leave(Client client) {
    client.evaluate("Promise.resolve(parley.leave()).then(() => true)");
  }

  /** Waits until the client is in an active call. */
  void awaitActive(Client... all) {
    for (Client client : all) {
      awaitPage(client, "in the call", "parley.currentCall?.state === 'active'");
    }
  }

  /** Waits until the page is in no call any more. */
  void awaitIdle(Client... all) {
    for (Client client : all) {
      awaitPage(client, "out of the call", "parley.currentCall === null");
    }
  }

  void awaitPage(Client client, String what, String condition) {
    Eventually.until(
        client + " to be " + what,
        PATIENCE,
        () -> client.evaluate(condition).asBoolean(),
        () -> describe(client));
  }

  /** Waits until each of these hears exactly the tones of the others. */
  void assertEachHearsTheOthers(Client... all) {
    for (Client client : all) {
      List<Client> others = Arrays.stream(all).filter(c -> c != client).toList();
      assertHearsExactly(client, others);
    }
  }

  /** Waits until the client hears exactly these tones, for a second and a half. */
  void assertHearsExactly(Client client, List<Client> others) {
    TreeSet<Integer> expected =
        others.stream().map(Client::toneHz).collect(Collectors.toCollection(TreeSet::new));
    Eventually.value(
        client + " to hear " + others + " " + expected,
        PATIENCE,
        () -> client.spectrum(Duration.ofMillis(1500)),
        heard -> expected.equals(new TreeSet<>(heard.tonesAmong(Tones.ALL))),
        () -> describe(client));
    assertThat(client.evaluate("parleyEars.players().filter(p => p.paused || p.muted).length"))
        .as("elements that are handed voices but do not play them")
        .hasToString("0");
  }

  /** Waits until the last that each of these was told of a person is that he talks, or does not. */
  void awaitTalking(Person actor, boolean talking, Client... all) {
    String jid = jid(actor);
    for (Client client : all) {
      Eventually.until(
          client + " to be told that " + actor + (talking ? " talks" : " is silent"),
          PATIENCE,
          () ->
              client.frames().stream()
                      .filter(f -> !f.sent() && f.event().equals("server.call.talking"))
                      .filter(f -> f.params().path("actor").asText().equals(jid))
                      .reduce((first, last) -> last)
                      .map(last -> last.params().path("talking").asBoolean())
                      .orElse(false)
                  == talking,
          () -> describe(client));
    }
  }

  /** All that helps to understand a failure. */
  String describe(Client client) {
    String page;
    try {
      page = client.describe();
    } catch (RuntimeException e) {
      page = client + " does not answer: " + e;
    }
    return page + "\nserver:\n" + parley.logTail();
  }

  /** A picture of the page for people to look at. */
  static void screenshot(Client client, String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client.browser().screenshot(SCREENSHOTS.resolve(name + ".png"));
  }

  /** The only recording there is. */
  Recording recording() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> folders =
          files
              .filter(f -> f.getFileName().toString().endsWith(".opus"))
              .map(Path::getParent)
              .distinct()
              .toList();
      assertThat(folders).as("folders with recordings").hasSize(1);
      return new Recording(folders.getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only recording there is, after waiting until it is complete. */
  Recording completeRecording() {
    Eventually.until(
        "a complete recording",
        PATIENCE,
        () -> hasTracks() && recording().complete(),
        parley::logTail);
    return recording();
  }

  private boolean hasTracks() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(f -> f.getFileName().toString().endsWith(".opus"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Client client : clients) {
      client.browser().clearPreloads();
      client.browser().open("about:blank");
    }
    parley.close();
    http.shutdownNow();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
