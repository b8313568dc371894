package parley.signalling.gateway;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that go on together: one write for all, and copied only if they are in more than one piece.
 */
final class Gathered {

  private @Nullable Buffer first;
  private @Nullable Buffer all;

  void add(Buffer bytes) {
    Buffer before = first;
    Buffer joined = all;
    if (joined != null) {
      joined.appendBuffer(bytes);
    } else if (before != null) {
      all =
          Buffer.buffer(before.length() + bytes.length()).appendBuffer(before).appendBuffer(bytes);
    } else {
      first = bytes;
    }
  }

  /** Null: nothing. */
  @Nullable Buffer bytes() {
    return all != null ? all : first;
  }
}
