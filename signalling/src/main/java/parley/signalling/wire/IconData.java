package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of a contact, chat or team: uploaded ones in two sizes, or a stub made from letters.
 *
 * @param stub URL of a generated picture, for clients of old
 * @param letters one or two letters to draw
 * @param color background of the letters
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IconData(
    @Nullable SingleIcon sm, @Nullable SingleIcon lg, String stub, String letters, String color) {

  /**
   * One picture.
   *
   * @param width pixels
   * @param height pixels
   */
  public record SingleIcon(String url, int width, int height) {}

  /** No uploaded picture: the client draws letters on a colour. */
  public static IconData letters(String letters, String color) {
    return new IconData(null, null, "", letters, color);
  }

  /** URL of the small picture, or of the stub; empty when there is neither. */
  public String smallUrl() {
    return sm != null ? sm.url() : stub;
  }
}
