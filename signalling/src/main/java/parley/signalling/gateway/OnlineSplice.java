package parley.signalling.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.WireMapper;

/**
 * Adds our calls to the chat server's {@code server.online}. Every other byte of the event stays
 * what it was.
 */
final class OnlineSplice {

  /** Tells where in the bytes each token is, as only the parser that makes names canonical does. */
  private static final JsonFactory PLACES =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private static final JsonMapper MAPPER = WireMapper.create();

  /** A place in the event: bytes from one to the other are replaced. */
  private record Place(int from, int to, List<byte[]> before, List<byte[]> elements) {}

  /**
   * @param online the event, as the chat server sent it
   * @param ours the calls that run here; one of them stands for whatever the chat server says of
   *     the same chat
   * @return the event with our calls in it; null when it is none that they can be added to
   */
  byte @Nullable [] add(byte[] online, List<OnlineCall> ours) {
    Set<String> jids = new HashSet<>();
    List<byte[]> calls = new ArrayList<>();
    try {
      for (OnlineCall call : ours) {
        jids.add(call.jid().toString());
        calls.add(MAPPER.writeValueAsBytes(call));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
    try (JsonParser in = PLACES.createParser(online)) {
      Place place = find(in, online, jids);
      if (place == null) {
        return null;
      }
      calls.addAll(0, place.elements());
      return write(online, place, calls);
    } catch (IOException e) {
      return null; // not JSON to its end
    }
  }

  private static byte[] write(byte[] online, Place place, List<byte[]> calls) {
    var out = new ByteArrayOutputStream(online.length + 128 * calls.size());
    out.write(online, 0, place.from());
    place.before().forEach(out::writeBytes);
    out.write('[');
    for (int i = 0; i < calls.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(calls.get(i));
    }
    out.write(']');
    out.write(online, place.to(), online.length - place.to());
    return out.toByteArray();
  }

  /** Reads to the end, so that only what is whole is changed. */
  private @Nullable Place find(JsonParser in, byte[] online, Set<String> ours) throws IOException {
    Place place = null;
    if (in.nextToken() != JsonToken.START_OBJECT) {
      return null;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean params = in.currentName().equals("params");
      JsonToken value = in.nextToken();
      if (params && value == JsonToken.START_OBJECT) {
        place = findIn(in, online, ours);
      } else {
        in.skipChildren();
      }
    }
    return place;
  }

  private Place findIn(JsonParser in, byte[] online, Set<String> ours) throws IOException {
    Place place = null;
    boolean isEmpty = true;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      isEmpty = false;
      boolean calls = in.currentName().equals("calls");
      JsonToken value = in.nextToken();
      int from = (int) in.currentTokenLocation().getByteOffset();
      if (calls && value == JsonToken.START_ARRAY) {
        List<byte[]> kept = elements(in, online, ours);
        place = new Place(from, end(in), List.of(), kept);
      } else if (calls && value == JsonToken.VALUE_NULL) {
        place = new Place(from, from + 4, List.of(), List.of());
      } else {
        in.skipChildren();
      }
    }
    if (place != null) {
      return place;
    }
    int at = (int) in.currentTokenLocation().getByteOffset(); // of the closing brace
    String key = (isEmpty ? "" : ",") + "\"calls\":";
    return new Place(at, at, List.of(key.getBytes(StandardCharsets.UTF_8)), List.of());
  }

  private static int end(JsonParser in) {
    return (int) in.currentTokenLocation().getByteOffset() + 1; // of a bracket
  }

  private List<byte[]> elements(JsonParser in, byte[] online, Set<String> ours) throws IOException {
    List<byte[]> kept = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      int from = (int) in.currentTokenLocation().getByteOffset();
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw new IOException("a call is an object");
      }
      in.skipChildren();
      byte[] element = Arrays.copyOfRange(online, from, end(in));
      String jid = MAPPER.readTree(element).path("jid").asText();
      if (!ours.contains(jid.toLowerCase(Locale.ROOT))) {
        kept.add(element);
      }
    }
    return kept;
  }
}
