package parley.signalling.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * One process, from its start to its end: who starts again is somebody else, who knows of nothing.
 *
 * @param value a name and six random digits: {@code east-1-09af3c}
 */
public record NodeId(String value) implements Comparable<NodeId> {

  /** What a subject and a key of NATS may consist of. */
  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,64}");

  @JsonCreator
  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a node's id: " + value);
    }
  }

  /** A new process of a node of this name. */
  public static NodeId of(String name, RandomGenerator random) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    String start = plain.substring(0, Math.min(plain.length(), 50));
    return new NodeId(start + "-" + HexFormat.of().toHexDigits(random.nextInt(), 6));
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  @JsonValue
  public String toString() {
    return value;
  }
}
