package parley.load;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Client;

/** Browsers that offer a single audio section: in a group they hear a mix, in a call of two not. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class SingleSectionTest {

  private World world;
  private Client alice;
  private Client bob;
  private Client carol;
  private Client dave;

  @BeforeEach
  void meet(Browsers browsers) {
    world = new World();
    alice = world.signIn(Person.ALICE, browsers.chromium());
    bob = world.signIn(Person.BOB, browsers.firefox());
    carol = world.signIn(Person.CAROL, browsers.secondChromium());
    dave = world.signIn(Person.DAVE, browsers.secondFirefox());
    for (Client single : List.of(alice, bob, carol)) {
      single.evaluate("parley.options.sections = 1");
    }
    for (Client client : all()) {
      world.call(client, World.RECORDED_GROUP);
    }
    world.awaitActive(all());
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Client[] all() {
    return new Client[] {alice, bob, carol, dave};
  }

  @Test
  void everyoneHearsAllTheOthersAtOnceAndTheOneWhoIsLeft() {
    world.assertEachHearsTheOthers(all());

    world.leave(dave);
    world.assertEachHearsTheOthers(alice, bob, carol);
    world.leave(carol);
    world.assertEachHearsTheOthers(alice, bob);
  }
}
