package parley.signalling.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import parley.relay.api.LogContext;

/**
 * The log as one JSON object a line: {@code time}, {@code level}, {@code logger}, {@code thread},
 * {@code call} (where it is about one), {@code message}, {@code error} (with its stack).
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final JsonMapper json = new JsonMapper();

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line = json.createObjectNode();
    line.put("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    line.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    line.put("logger", event.getLoggerName());
    line.put("thread", event.getThreadName());
    String call = event.getMDCPropertyMap().get(LogContext.CALL);
    if (call != null) {
      line.put(LogContext.CALL, call);
    }
    line.put("message", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    try {
      return (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own tree is always JSON", e);
    }
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
