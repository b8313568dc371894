package parley.signalling.recordings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param type of the body; empty: there is none
 * @param headers beside the usual ones
 */
record Reply(int status, String type, byte[] body, Map<String, String> headers) {

  static final String JSON_TYPE = "application/json; charset=utf-8";
  private static final String PROBLEM_TYPE = "application/problem+json; charset=utf-8";

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(int status, Object body) {
    return new Reply(status, JSON_TYPE, bytes(body), Map.of());
  }

  static Reply json(byte[] body) {
    return new Reply(200, JSON_TYPE, body, Map.of());
  }

  static Reply done() {
    return new Reply(204, "", new byte[0], Map.of());
  }

  static Reply refused(Refusal refusal) {
    Map<String, String> headers =
        switch (refusal.code) {
          case UNAUTHORIZED -> Map.of("www-authenticate", "Bearer");
          case BUSY -> Map.of("retry-after", "1");
          case RATE_LIMIT -> Map.of("retry-after", "60");
          default -> Map.of();
        };
    return new Reply(refusal.code.status, PROBLEM_TYPE, bytes(refusal.problem()), headers);
  }

  Reply with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Reply(status, type, body, all);
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
  }
}
