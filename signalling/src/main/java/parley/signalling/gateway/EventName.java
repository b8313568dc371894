package parley.signalling.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what event a message is while it is still coming: reads no further than to the value of
 * {@code event}, wherever it stands in the object.
 */
final class EventName {

  /** As deep as any chat nests its messages; what is deeper has no name, and is not ours. */
  private static final int MAX_DEPTH = 200;

  /** Chats send numbers and strings that we do not read: what has no name is only passed on. */
  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          // Names come from strangers: a shared symbol table would keep them, and could be made to
          // collide.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final @Nullable JsonParser parser = parser();
  private int depth;
  private boolean atEvent;
  private boolean over;
  private @Nullable String name;

  private static @Nullable JsonParser parser() {
    try {
      return JSON.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      return null; // never: nothing is read yet
    }
  }

  /** More of the message; not looked at once {@link #known()}. */
  void read(byte[] utf8) {
    if (over || parser == null || utf8.length == 0) {
      return;
    }
    try {
      ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(utf8, 0, utf8.length);
      JsonToken token = parser.nextToken();
      while (!over && token != JsonToken.NOT_AVAILABLE) {
        onToken(token, parser);
        token = over ? token : parser.nextToken();
      }
    } catch (IOException e) {
      over = true; // no JSON: nobody's event
    }
    if (over) {
      close(parser);
    }
  }

  private static void close(JsonParser parser) {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is open", e);
    }
  }

  private void onToken(@Nullable JsonToken token, JsonParser in) throws IOException {
    if (token == null || (depth == 0 && token != JsonToken.START_OBJECT)) {
      over = true; // the end, or no object
    } else if (atEvent) {
      name = token == JsonToken.VALUE_STRING ? in.getText() : null;
      over = true;
    } else if (token.isStructStart()) {
      depth++;
    } else if (token.isStructEnd()) {
      over = --depth == 0;
    } else if (depth == 1 && token == JsonToken.FIELD_NAME) {
      atEvent = in.currentName().equals("event");
    }
  }

  /** Whether more of the message would tell nothing new. */
  boolean known() {
    return over;
  }

  /** Null: not known yet, or none. */
  @Nullable String get() {
    return name;
  }
}
