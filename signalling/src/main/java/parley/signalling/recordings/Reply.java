package parley.signalling.recordings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param type of the body; empty: there is none
 * @param headers beside the usual ones
 * @param sound in place of the body, whole or in part; null: there is none
 */
record Reply(
    int status, String type, byte[] body, Map<String, String> headers, @Nullable Sound sound) {

  static final String JSON_TYPE = "application/json; charset=utf-8";
  private static final String PROBLEM_TYPE = "application/problem+json; charset=utf-8";

  static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(int status, Object body) {
    return new Reply(status, JSON_TYPE, bytes(body), Map.of(), null);
  }

  static Reply json(byte[] body) {
    return new Reply(200, JSON_TYPE, body, Map.of(), null);
  }

  /** Bytes of which some may be asked for. */
  static Reply sound(Sound sound, String type) {
    return new Reply(200, type, new byte[0], Map.of(), sound);
  }

  static Reply done() {
    return new Reply(204, "", new byte[0], Map.of(), null);
  }

  static Reply refused(Refusal refusal) {
    Map<String, String> headers =
        switch (refusal.code) {
          case UNAUTHORIZED -> Map.of("www-authenticate", "Bearer");
          case BUSY -> Map.of("retry-after", "1");
          case RATE_LIMIT -> Map.of("retry-after", "60");
          default -> Map.of();
        };
    return new Reply(refusal.code.status, PROBLEM_TYPE, bytes(refusal.problem()), headers, null);
  }

  Reply with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Reply(status, type, body, all, sound);
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
  }
}
