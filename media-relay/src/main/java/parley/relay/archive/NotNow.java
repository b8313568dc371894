package parley.relay.archive;

import java.io.IOException;

/** Something that must not, or cannot, be done with a recording as it is; the message says why. */
public final class NotNow extends IOException {

  private static final long serialVersionUID = 1;

  public NotNow(String sentence) {
    super(sentence);
  }

  NotNow(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
