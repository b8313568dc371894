package parley.signalling.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.archive.Archive;
import parley.relay.evidence.SigningKey;
import parley.relay.index.Indexing;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.vault.KeyRing;

/** The description names the routes there are, and the codes. */
class RecordingsOpenApiTest {

  @TempDir Path folder;

  @Test
  void describesEveryRouteAndNoOther() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RecordingIndex index = RecordingIndex.inMemory()) {
      var archive =
          new Archive(
              new RecordingFolders(folder),
              SigningKey.create(),
              KeyRing.NONE,
              index,
              null,
              Clock.systemUTC());
      var status = new Indexing.Status(Indexing.State.CURRENT, 0, "");
      var places = new RecordingsDoor.Places(folder.resolve("scratch"), folder.resolve("audit"));
      var door =
          new RecordingsDoor(
              new Visitors(Map.of()),
              archive,
              () -> status,
              access -> {},
              places,
              Clock.systemUTC());
      Router router = Router.router(vertx);
      door.mount(router, request -> "", (request, origin) -> true);
      door.close();
      Set<String> routes = new TreeSet<>();
      for (Route route : router.getRoutes()) {
        String path = route.getName();
        if (path != null && route.methods() != null) { // else of what is not there
          for (HttpMethod method : route.methods()) {
            routes.add(method.name() + " " + path.replaceAll(":(\\w+)", "{$1}"));
          }
        }
      }
      routes.removeIf(route -> route.startsWith("HEAD ")); // HTTP has it wherever GET is
      assertThat(new RecordingsDescription().operations()).isEqualTo(routes);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void knowsEveryCodeAndLeadsSomewhere() throws Exception {
    JsonNode document = new RecordingsDescription().document();
    assertThat(document.at("/components/schemas/Problem/properties/code/enum"))
        .extracting(JsonNode::textValue)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Refusal.Code.values()).map(Refusal.Code::word).toList());
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }
}
