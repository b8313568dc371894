package parley.load.bench.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who talks with whom.
 *
 * @param rooms how many calls
 * @param people in each
 * @param talkers how many of them talk
 * @param heard how many voices each is sent at most
 */
public record Shape(int rooms, int people, int talkers, int heard) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})x(\\d{1,5})(?:/(\\d{1,5}))?");

  public Shape {
    if (rooms < 1 || people < 2 || talkers < 1 || talkers > people || heard < 1) {
      throw new IllegalArgumentException(
          "no such shape: %dx%d/%d".formatted(rooms, people, talkers));
    }
  }

  /**
   * Reads {@code 100x10/2}: a hundred rooms of ten people, of whom two talk; without a slash all
   * do.
   *
   * @throws IllegalArgumentException saying what would be right
   */
  public static Shape parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no shape; right would be like 100x10/2: rooms x people / talkers");
    }
    int people = Integer.parseInt(parts.group(2));
    int talkers = parts.group(3) == null ? people : Integer.parseInt(parts.group(3));
    int most = talkers == people ? people - 1 : talkers;
    return new Shape(Integer.parseInt(parts.group(1)), people, talkers, Math.max(1, most));
  }

  /** The same where nobody is sent more than so many voices. */
  public Shape hearing(int most) {
    return new Shape(rooms, people, talkers, Math.min(heard, most));
  }

  public int participants() {
    return rooms * people;
  }

  /** How many voices somebody hears who talks, or does not talk, himself. */
  public int voices(boolean talks) {
    return Math.min(heard, talks ? talkers - 1 : talkers);
  }

  /** How many packets leave the server for each that every talker sends. */
  public int copies() {
    return rooms * (talkers * voices(true) + (people - talkers) * voices(false));
  }

  @Override
  public String toString() {
    String voices = voices(false) < talkers ? ", " + heard + " heard" : "";
    return rooms + "x" + people + "/" + talkers + (heard < talkers - 1 ? voices : "");
  }
}
