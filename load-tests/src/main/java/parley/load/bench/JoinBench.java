package parley.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import parley.load.Eventually;
import parley.load.server.LargeTeam;
import parley.load.server.OwnNode;
import parley.relay.client.ClientCertificate;
import parley.relay.client.ClientSdp;

/** Many people join one call: real sockets, real offers, and a relay that answers them. */
final class JoinBench {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** So many connect at the same time: the accept queue of a server is not what is measured. */
  private static final int CONNECTING = 50;

  /** A state of a thousand people is 300 KB. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private JoinBench() {}

  /**
   * @param seconds from the first offer to the last
   */
  static JoinResult run(int people, double seconds) throws IOException, InterruptedException {
    Path directory = Files.createTempFile("parley-team", ".yaml");
    LargeTeam team = new LargeTeam(people);
    team.write(directory);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try (OwnNode node = OwnNode.start(Map.of("PARLEY_DIRECTORY_FILE", directory.toString()))) {
      return run(node, team, vertx, seconds);
    } finally {
      vertx.close();
      Files.delete(directory);
    }
  }

  private static JoinResult run(OwnNode node, LargeTeam team, Vertx vertx, double seconds)
      throws InterruptedException {
    WebSocketClient sockets =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(team.people())
                .setMaxFrameSize(MAX_MESSAGE_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES)
                .setConnectTimeout(HttpClientOptions.DEFAULT_CONNECT_TIMEOUT));
    try {
      return run(team, connect(node, team, sockets), seconds);
    } finally {
      sockets.close(); // held until here: a client that nobody holds closes its sockets
    }
  }

  private static JoinResult run(LargeTeam team, List<JoinClient> clients, double seconds) {
    // Who is online is told for a while after the last has come: that counts, too.
    List<String> offers = offers(team.people());
    clients.getLast().keep();
    clients.forEach(JoinClient::count);
    long beganNs = System.nanoTime();
    for (int i = 0; i < clients.size(); i++) {
      long dueNs = beganNs + (long) (seconds * 1e9 * i / clients.size());
      for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; ) {
        LockSupport.parkNanos(leftNs);
        leftNs = dueNs - System.nanoTime();
      }
      clients.get(i).says(offers.get(i));
    }
    Eventually.until(
        "every offer to be answered",
        PATIENCE,
        () -> clients.stream().allMatch(client -> client.answeredNs() != 0),
        () -> closed(clients));
    Eventually.until(
        "everyone to be told of everyone",
        PATIENCE,
        () -> settled(clients, team),
        () -> closed(clients));
    return result(clients, team, beganNs);
  }

  private static List<JoinClient> connect(OwnNode node, LargeTeam team, WebSocketClient sockets)
      throws InterruptedException {
    URI messaging = URI.create(node.url() + "/messaging/" + LargeTeam.TEAM);
    List<JoinClient> clients = new ArrayList<>();
    List<Future<WebSocket>> connecting = new ArrayList<>();
    for (int i = 0; i < team.people(); i++) {
      JoinClient client = new JoinClient();
      clients.add(client);
      connecting.add(client.connect(sockets, messaging, team.token(i)));
      if (connecting.size() == CONNECTING || i == team.people() - 1) {
        await(Future.all(connecting));
        connecting.clear();
      }
    }
    return clients;
  }

  private static void await(Future<?> all) throws InterruptedException {
    try {
      all.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("not everyone could connect", e);
    }
  }

  /** Each as a browser would write it, with one certificate for all. */
  private static List<String> offers(int people) {
    String fingerprint = ClientCertificate.create().fingerprint();
    List<String> offers = new ArrayList<>(people);
    for (int i = 0; i < people; i++) {
      String sdp =
          ClientSdp.offer(
              "u%07d".formatted(i), "password-password-%07d".formatted(i), fingerprint, i + 1, 3);
      ObjectNode offer = JSON.createObjectNode().put("event", "client.call.offer");
      offer
          .putObject("params")
          .put("jid", LargeTeam.GROUP)
          .put("muted", true)
          .put("trickle", true)
          .put("sdp", sdp);
      offers.add(offer.toString());
    }
    return offers;
  }

  /** Everyone has the same list, and that of one of them is of all people. */
  private static boolean settled(List<JoinClient> clients, LargeTeam team) {
    long checksum = clients.getLast().listChecksum();
    return clients.stream().allMatch(client -> client.listChecksum() == checksum)
        && isEveryone(clients.getLast().kept(), team);
  }

  private static boolean isEveryone(byte[] state, LargeTeam team) {
    Set<String> missing = new HashSet<>();
    for (int i = 0; i < team.people(); i++) {
      missing.add(team.jid(i));
    }
    try {
      JsonNode onliners = JSON.readTree(state).at("/params/onliners");
      for (JsonNode onliner : onliners) {
        if (!missing.remove(onliner.path("jid").asText()) || onliner.path("devices").size() != 1) {
          return false;
        }
      }
      return missing.isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static JoinResult result(List<JoinClient> clients, LargeTeam team, long beganNs) {
    Map<String, Long> bytes = new HashMap<>();
    long answeredNs = beganNs;
    long settledNs = beganNs;
    int right = 0;
    for (JoinClient client : clients) {
      client.bytes().forEach((event, size) -> bytes.merge(event, size, Long::sum));
      answeredNs = Math.max(answeredNs, client.answeredNs());
      settledNs = Math.max(settledNs, client.listNs());
      right += client.listChecksum() == clients.getLast().listChecksum() ? 1 : 0;
    }
    return new JoinResult(
        team.people(),
        (answeredNs - beganNs) / 1e9,
        (settledNs - beganNs) / 1e9,
        right,
        clients.getLast().listBytes(),
        bytes);
  }

  private static String closed(List<JoinClient> clients) {
    List<String> reasons =
        clients.stream().map(JoinClient::closed).filter(it -> !it.isEmpty()).toList();
    return reasons.size() + " sockets were closed, the first: " + reasons.stream().findFirst();
  }
}
