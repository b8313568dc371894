package parley.load.browser;

import java.net.URI;
import java.util.List;

/** Where a browser runs, if not where the test does. */
public interface BrowserPlace {

  /** In front of its command. */
  List<String> prefix();

  /**
   * A port of this machine that leads to one there: the same if it is free, for Firefox answers
   * only those who know its port by the right name.
   */
  int bridge(int port);

  /** An address of this machine that leads to one there: the same, with another port. */
  default URI bridge(URI there) {
    String path = there.getPath() == null ? "" : there.getPath();
    return URI.create(there.getScheme() + "://127.0.0.1:" + bridge(there.getPort()) + path);
  }
}
