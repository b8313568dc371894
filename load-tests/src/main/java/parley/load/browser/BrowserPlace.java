package parley.load.browser;

import java.util.List;

/** Where a browser runs, if not where the test does. */
public interface BrowserPlace {

  /** In front of its command. */
  List<String> prefix();

  /** A port of this machine that leads to one there. */
  int bridge(int port);
}
