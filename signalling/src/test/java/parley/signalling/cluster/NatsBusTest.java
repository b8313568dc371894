package parley.signalling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.cluster.nats.NatsBus;
import parley.signalling.cluster.nats.NatsSettings;

/** The same against a real server, which is killed and started anew in the middle. */
@Tag("slow")
class NatsBusTest extends BusContract {

  @TempDir Path folder;
  private NatsServer server;

  @BeforeEach
  @Override
  void openTwo() throws Exception {
    server = NatsServer.start(folder);
    super.openTwo();
  }

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  Bus open() throws Exception {
    return NatsBus.open(settings(server.url()), new SimpleMeterRegistry());
  }

  private static NatsSettings settings(String url) {
    return new NatsSettings(List.of(url), "test", "test", 1, "", "", Optional.empty());
  }

  @Override
  void outage() {
    server.kill();
  }

  @Override
  void back() throws Exception {
    server.start();
  }

  @Test
  void beginsBeforeItsServerDoes() throws Exception {
    server.kill();
    try (Bus early = open()) {
      assertThat(early.isUp()).isFalse();
      assertThat(early.publish("a", "b")).isFalse();
      server.start();
      await(early::isUp);
      await(() -> early.publish("a", "b"));
    }
  }
}
