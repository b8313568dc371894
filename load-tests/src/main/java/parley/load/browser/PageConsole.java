package parley.load.browser;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines a page wrote to its console; filled by the debugging connection's thread. */
final class PageConsole {

  /** More than any failing page needs to explain itself. */
  private static final int LINES = 500;

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String level, String text) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(level + ": " + text);
  }

  synchronized void clear() {
    lines.clear();
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
