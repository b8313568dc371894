package parley.load.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The scenarios that Parley brings with it, as files in its own jar. */
public final class BuiltIn {

  private static final List<String> NAMES =
      List.of("quick-look", "office-day", "town-hall", "churn", "bad-networks");

  private BuiltIn() {}

  public static List<String> names() {
    return NAMES;
  }

  /**
   * The file, as one would write it.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public static String text(String name) {
    try (InputStream file = BuiltIn.class.getResourceAsStream(name + ".yaml")) {
      if (file == null) {
        throw new IllegalArgumentException("no scenario is called " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
