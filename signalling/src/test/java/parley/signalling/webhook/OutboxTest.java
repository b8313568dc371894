package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;

class OutboxTest {

  private static final long ROOM = 1 << 20;

  @TempDir Path folder;

  @Test
  void keepsWhatIsOwedAcrossARestart() throws IOException {
    WebhookMessage message = message("{\"ä\": \"one\nline\"}");
    try (Outbox outbox = open(ROOM, "a", "b")) {
      long number = outbox.add(message, endpoints("a", "b"));
      outbox.add(message("2"), endpoints("a"));
      outbox.settle("a", number);
      outbox.save();
    }
    try (Outbox outbox = open(ROOM, "a", "b")) {
      assertThat(owed(outbox, "a")).extracting(WebhookMessage::body).containsExactly("2");
      assertThat(owed(outbox, "b")).containsExactly(message);
    }
  }

  @Test
  void numbersWhatComesAfterARestartHigher() throws IOException {
    long first;
    try (Outbox outbox = open(ROOM, "a")) {
      first = outbox.add(message("1"), endpoints("a"));
      outbox.save();
    }
    try (Outbox outbox = open(ROOM, "a")) {
      assertThat(outbox.add(message("2"), endpoints("a"))).isGreaterThan(first);
    }
  }

  @Test
  void forgetsAnEventOnlyWhenNobodyIsOwedIt() throws IOException {
    try (Outbox outbox = open(ROOM, "a", "b")) {
      long number = outbox.add(message("1"), endpoints("a", "b"));
      outbox.settle("a", number);
      assertThat(outbox.get(number)).isNotNull();
      outbox.settle("b", number);
      outbox.settle("b", number);
      assertThat(outbox.get(number)).isNull();
      assertThat(outbox.bytes()).isZero();
    }
  }

  @Test
  void takesNoMoreThanThereIsRoomForAlsoAfterARestart() throws IOException {
    int taken = 0;
    try (Outbox outbox = open(50_000, "a")) {
      while (outbox.add(message("x".repeat(1_000)), endpoints("a")) > 0) {
        taken++;
      }
      outbox.save();
    }
    assertThat(taken).isBetween(20, 25);
    try (Outbox outbox = open(50_000, "a")) {
      assertThat(outbox.add(message("x".repeat(1_000)), endpoints("a"))).isZero();
      outbox.settle("a", 1);
      assertThat(outbox.add(message("x".repeat(1_000)), endpoints("a"))).isPositive();
    }
  }

  @Test
  void dropsWhatEndpointsWereOwedThatAreConfiguredNoMore() throws IOException {
    try (Outbox outbox = open(ROOM, "a", "b")) {
      outbox.add(message("1"), endpoints("a"));
      outbox.add(message("2"), endpoints("a", "b"));
      outbox.save();
    }
    try (Outbox outbox = open(ROOM, "b")) {
      assertThat(owed(outbox, "b")).extracting(WebhookMessage::body).containsExactly("2");
      outbox.settle("b", 2);
      assertThat(outbox.bytes()).isZero();
    }
  }

  @Test
  void staysSmallHoweverMuchPassesThroughIt() throws IOException {
    Path file = folder.resolve("outbox.mv");
    try (Outbox outbox = open(ROOM, "a")) {
      for (int i = 0; i < 20_000; i++) {
        outbox.settle("a", outbox.add(message("x".repeat(2_000)), endpoints("a")));
      }
      outbox.save();
    }
    assertThat(Files.size(file)).isLessThan(10 << 20);
  }

  @Test
  void letsNoTwoProcessesUseIt() throws IOException {
    try (Outbox outbox = open(ROOM, "a")) {
      assertThat(outbox.bytes()).isZero();
      assertThatThrownBy(() -> open(ROOM, "a"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process");
    }
  }

  @Test
  void setsADamagedFileAsideAndBeginsAnew() throws IOException {
    try (Outbox outbox = open(ROOM, "a")) {
      outbox.add(message("1"), endpoints("a"));
      outbox.save();
    }
    Path file = folder.resolve("outbox.mv");
    byte[] damaged = Files.readAllBytes(file);
    Arrays.fill(damaged, (byte) 7);
    Files.write(file, damaged);
    try (Outbox outbox = open(ROOM, "a")) {
      assertThat(owed(outbox, "a")).isEmpty();
      assertThat(outbox.add(message("2"), endpoints("a"))).isPositive();
    }
    assertThat(folder.resolve("outbox.mv.damaged")).hasBinaryContent(damaged);
  }

  private Outbox open(long room, String... endpoints) throws IOException {
    return Outbox.open(folder, List.of(endpoints), room);
  }

  private static List<WebhookMessage> owed(Outbox outbox, String endpoint) {
    List<WebhookMessage> all = new ArrayList<>();
    outbox.owed(endpoint, (number, message) -> all.add(message));
    return all;
  }

  private static WebhookMessage message(String body) {
    return new WebhookMessage(
        "msg_1",
        WebhookType.CALL_STARTED,
        new CallId("0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1"),
        Instant.ofEpochMilli(1_700_000_000_123L),
        body);
  }

  private static List<WebhookEndpoint> endpoints(String... names) {
    return Arrays.stream(names)
        .map(
            name ->
                new WebhookEndpoint(
                    name,
                    URI.create("http://127.0.0.1:1/"),
                    List.of(WebhookSecret.of("whsec_" + "A".repeat(40))),
                    Set.of(),
                    Set.of()))
        .toList();
  }
}
