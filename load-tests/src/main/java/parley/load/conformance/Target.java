package parley.load.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.load.server.OwnNode;

/**
 * The server that is tried, and two people of one team who may call each other there.
 *
 * @param carolToken of a third person, who is in the group too; null: there is none
 * @param base {@code http://host:port} without a slash at the end
 * @param callLoss makes the relay lose the call of this uid; null: nobody here can
 */
record Target(
    String base,
    String team,
    String aliceToken,
    String bobToken,
    @Nullable String carolToken,
    @Nullable Consumer<String> callLoss) {

  /** A node of our own, with the demo team. */
  static Target demo(OwnNode node) {
    return new Target(node.url(), OwnNode.DEMO_TEAM, "alice", "bob", "carol", node::loseCall);
  }

  URI messaging() {
    return messaging(team);
  }

  URI messaging(String teamUid) {
    return URI.create(base.replaceFirst("^http", "ws") + "/messaging/" + teamUid);
  }

  /** Who somebody is in the team. */
  String jid(String token) throws IOException, InterruptedException, Missing {
    return result("/api/v4/teams/" + team, token).path("me").path("jid").asText();
  }

  /** A group in which both are. */
  String group(String alice, String bob) throws IOException, InterruptedException, Missing {
    for (JsonNode group : result("/api/v4/teams/" + team + "/groups", aliceToken)) {
      String members = group.path("members").toString();
      if (members.contains(alice) && members.contains(bob)) {
        return group.path("jid").asText();
      }
    }
    throw new Missing("there is no group with both people in it");
  }

  /** After how long the server repeats what was not confirmed. */
  Duration resend() throws IOException, InterruptedException, Missing {
    return Duration.ofSeconds(features().path("resend_timeout").asInt());
  }

  /** Makes the relay lose the call, if anybody here can. */
  void loseCall(String uid) {
    if (callLoss != null) {
      callLoss.accept(uid);
    }
  }

  /** What is on there. */
  JsonNode features() throws IOException, InterruptedException, Missing {
    return get("/features.json", aliceToken);
  }

  private JsonNode result(String path, String token)
      throws IOException, InterruptedException, Missing {
    return get(path, token).path("result");
  }

  private JsonNode get(String path, String token)
      throws IOException, InterruptedException, Missing {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + path)).header("token", token).build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new Missing("GET " + path + " was answered " + answer.statusCode());
      }
      return EventSchemas.read(answer.body());
    }
  }

  @Override
  public String toString() {
    return base; // tokens are secrets
  }
}
