package parley.relay.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of the call log: something that happened to a call.
 *
 * @param at UTC, ISO 8601
 * @param what {@link #NODE_BEGAN}, {@link #STARTED}, {@link #FINISHED}, or a decision about its
 *     recording as the audit log has it: recorded, not_recorded, refused, ended, switched_on,
 *     switched_off, ruled
 * @param call uid; empty: it is about the process
 * @param team uid
 * @param chat jid, or those of both contacts joined by {@code +}
 * @param title what the chat is called
 * @param policy name and version of what holds from then on; null: this line does not say
 * @param records whether calls are recorded by that policy; null likewise
 * @param reason one sentence; empty: none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CallLine(
    String at,
    String what,
    String call,
    String team,
    String chat,
    String title,
    @Nullable String policy,
    @Nullable Boolean records,
    String reason) {

  /** A process began: calls that are open before that ended with the one before. */
  public static final String NODE_BEGAN = "node_began";

  public static final String STARTED = "started";
  public static final String FINISHED = "finished";

  /** A line as long as that is not ours. */
  static final int MAX_CHARS = 20_000;

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** About the process. */
  public static CallLine node(Instant at) {
    return new CallLine(at.toString(), NODE_BEGAN, "", "", "", "", null, null, "");
  }

  String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
  }

  /** Empty for what is no such line: cut off by a crash, or by a later version. */
  static Optional<CallLine> tryParse(String text) {
    if (text.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      CallLine read = JSON.readValue(text, CallLine.class);
      CallLine line =
          new CallLine(
              or(read.at),
              or(read.what),
              or(read.call),
              or(read.team),
              or(read.chat),
              or(read.title),
              read.policy,
              read.records,
              or(read.reason));
      line.instant(); // or it fails
      return Optional.of(line);
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }

  Instant instant() {
    return Instant.parse(at);
  }
}
