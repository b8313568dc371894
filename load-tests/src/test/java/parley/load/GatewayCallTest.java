package parley.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import parley.load.browser.Client;
import parley.load.server.ParleyProcess;

/**
 * Chromium calls Firefox through the gateway: Parley in front of a chat server that knows nothing
 * of it. The chat server's part is played by another Parley, whose page, people and sockets they
 * are.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class GatewayCallTest {

  /** By itself the demo serves nobody who comes through others. */
  private static final Map<String, String> PROXIED =
      Map.of("PARLEY_DIRECTORY_DEMO_ON_NETWORK", "true");

  @TempDir private Path folder;
  private ParleyProcess chat;
  private World world;
  private Client alice;
  private Client bob;

  @BeforeEach
  void signIn(Browsers browsers) {
    chat = ParleyProcess.start(folder, PROXIED, List.of());
    world = new World(Map.of("PARLEY_GATEWAY_UPSTREAM", chat.url()), List.of());
    alice = world.signIn(Person.ALICE, browsers.chromium());
    bob = world.signIn(Person.BOB, browsers.firefox());
  }

  @AfterEach
  void close() {
    world.close();
    chat.close();
  }

  @Test
  void theTwoHearEachOtherThroughTheDeathAndReturnOfTheChatServer() throws IOException {
    world.call(alice, world.jid(Person.BOB));
    world.awaitPage(bob, "rung", "document.querySelector('.answer-accept') !== null");
    world.call(bob, world.jid(Person.ALICE));
    world.awaitActive(alice, bob);
    world.assertEachHearsTheOthers(alice, bob);

    chat.kill();
    world.assertEachHearsTheOthers(alice, bob);
    awaitOnline(); // let in by the gateway alone
    world.awaitActive(alice, bob);
    world.assertEachHearsTheOthers(alice, bob);

    int port = URI.create(chat.url()).getPort();
    chat.close();
    Map<String, String> again = new HashMap<>(PROXIED);
    again.put("PARLEY_HTTP_PORT", String.valueOf(port));
    chat = ParleyProcess.start(folder, again, List.of());
    awaitOnline();
    world.assertEachHearsTheOthers(alice, bob);
    world.leave(alice);
    world.awaitIdle(alice, bob);
  }

  private void awaitOnline() {
    for (Client client : List.of(alice, bob)) {
      world.awaitPage(client, "online again", "globalThis.parley?.state === 'online'");
    }
  }
}
