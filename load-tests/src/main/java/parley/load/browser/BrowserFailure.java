package parley.load.browser;

import org.jspecify.annotations.Nullable;

/** A browser did not start, refused a command, or its page threw. */
public final class BrowserFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrowserFailure(String message) {
    super(message);
  }

  BrowserFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
