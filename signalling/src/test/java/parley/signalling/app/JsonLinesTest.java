package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  private final Logger logger = new LoggerContext().getLogger("parley.relay.net.Leg");

  @Test
  void isOneObjectALine() throws IOException {
    JsonNode line = encode(event("leg 0b1ba0a5/p1 NEW -> CHECKING\nfirst \"check\"", null));

    assertThat(line.path("level").asText()).isEqualTo("info");
    assertThat(line.path("logger").asText()).isEqualTo("parley.relay.net.Leg");
    assertThat(line.path("message").asText())
        .isEqualTo("leg 0b1ba0a5/p1 NEW -> CHECKING\nfirst \"check\"");
    assertThat(line.path("call").asText()).isEqualTo("0b1ba0a5");
    assertThat(line.path("time").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(line.has("error")).isFalse();
  }

  @Test
  void hasTheWholeStackOfAnError() throws IOException {
    JsonNode line = encode(event("call failed", new IllegalStateException("broken")));

    assertThat(line.path("error").asText())
        .contains("IllegalStateException: broken", "JsonLinesTest");
  }

  private LoggingEvent event(String message, @Nullable Throwable error) {
    var event = new LoggingEvent("", logger, Level.INFO, message, error, null);
    event.setMDCPropertyMap(Map.of("call", "0b1ba0a5"));
    return event;
  }

  private static JsonNode encode(ILoggingEvent event) throws IOException {
    byte[] line = new JsonLines().encode(event);
    assertThat(List.of(new String(line, StandardCharsets.UTF_8).split("\n"))).hasSize(1);
    return new ObjectMapper().readTree(line);
  }
}
