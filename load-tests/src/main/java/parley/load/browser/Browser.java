package parley.load.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/**
 * One headless browser with one page. Not thread-safe; several browsers may be driven from several
 * threads. Everything throws {@link BrowserFailure} with the page's own error text.
 */
public interface Browser extends AutoCloseable {

  BrowserKind kind();

  /** Navigates and returns when the page has loaded; preload scripts ran before its own. */
  void open(String url);

  /** The page's value of an expression, after awaiting it if it is a promise; must fit JSON. */
  JsonNode evaluate(String expression);

  /** Runs a script before any of the page's own on every page opened from now on. */
  void preload(String script);

  /** Forgets all preload scripts. */
  void clearPreloads();

  /** Sets the page's size, CSS pixels. */
  void resize(int width, int height);

  /** A picture of the visible page, PNG. */
  void screenshot(Path file);

  /** A real click, as the mouse makes it, in the middle of the first element that matches. */
  void click(String selector);

  /** A real press and release of one key, with Shift held or not. */
  void press(Key key, boolean shift);

  /** Types text into what has the focus. */
  void type(String text);

  /** What the page wrote to its console and what it threw, oldest first, since it was opened. */
  List<String> console();

  /** Ends the browser and deletes its profile. */
  @Override
  void close();

  default void press(Key key) {
    press(key, false);
  }
}
