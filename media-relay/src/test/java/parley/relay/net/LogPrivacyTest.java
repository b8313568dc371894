package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.client.MediaClient;

/** A call from its beginning to its end leaves a history in the log, and nothing private. */
class LogPrivacyTest {

  @TempDir Path recordings;
  private final Lines lines = new Lines();
  private final Logger logger = (Logger) LoggerFactory.getLogger("parley");

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Test
  void tellsALegsHistoryWithoutAddressesOrSecrets() {
    String offer;
    String answer;
    try (RunningRelay running = new RunningRelay(recordings)) {
      CallId call = running.open(false);
      MediaClient alice = running.client("alice");
      offer = alice.offer(1);
      answer = running.answer(call, "alice", offer);
      alice.connect(answer);
      running.awaitConnected(call, alice);
      running.offer(call, alice, 1);
      running.command(new RelayCommand.Leave(call, new PeerId("alice"), "enough"));
      await("left", () -> lines.contain("CONNECTED -> CLOSED: enough"));
    }

    assertThat(lines.contain("NEW -> CHECKING")).isTrue();
    assertThat(lines.contain("CHECKING -> HANDSHAKING")).isTrue();
    assertThat(lines.contain("HANDSHAKING -> CONNECTED")).isTrue();
    assertThat(lines.contain("completed after")).isTrue();
    assertThat(lines.contain("checks, path 127.0.x.x:")).isTrue();
    assertThat(lines.text)
        .noneMatch(line -> line.matches("(?s).*\\b\\d+\\.\\d+\\.\\d+\\.\\d+\\b.*"))
        .noneMatch(line -> line.contains(password(offer)) || line.contains(password(answer)))
        .noneMatch(line -> line.contains("m=audio"));
  }

  private static String password(String sdp) {
    return sdp.lines()
        .filter(line -> line.startsWith("a=ice-pwd:"))
        .map(line -> line.substring("a=ice-pwd:".length()))
        .findFirst()
        .orElseThrow();
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> text = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      text.add(event.getFormattedMessage());
    }

    boolean contain(String part) {
      return text.stream().anyMatch(line -> line.contains(part));
    }
  }
}
