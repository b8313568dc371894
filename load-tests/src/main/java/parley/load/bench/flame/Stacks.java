package parley.load.bench.flame;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples as a tree: whoever called the same is one node. */
public final class Stacks {

  private final Node root = new Node("all");

  /** A frame below the same frames. */
  static final class Node {
    final String frame;
    private final Map<String, Node> children = new HashMap<>();
    private long samples;

    Node(String frame) {
      this.frame = frame;
    }

    long samples() {
      return samples;
    }

    /** By name, so that the same profile makes the same picture. */
    List<Node> children() {
      return children.values().stream().sorted(Comparator.comparing(node -> node.frame)).toList();
    }
  }

  /**
   * Reads lines of {@code frame;frame;frame count}, the first frame a thread; others are left out.
   */
  public static Stacks parse(List<String> lines) {
    Stacks stacks = new Stacks();
    for (String line : lines) {
      int space = line.lastIndexOf(' ');
      Long count = space < 0 ? null : number(line.substring(space + 1));
      if (count != null) {
        stacks.add(List.of(line.substring(0, space).split(";", -1)), count);
      }
    }
    return stacks;
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private void add(List<String> frames, long count) {
    Node node = root;
    node.samples += count;
    for (int i = 0; i < frames.size(); i++) {
      String frame = i == 0 ? thread(frames.get(i)) : frame(frames.get(i));
      if (!frame.isEmpty()) {
        node = node.children.computeIfAbsent(frame, Node::new);
        node.samples += count;
      }
    }
  }

  /** Threads of one kind are one: {@code [C2 CompilerThread0 tid=17]}. */
  private static String thread(String name) {
    return name.replaceFirst("^\\[", "")
        .replaceFirst(" tid=\\d+\\]?$", "")
        .replaceFirst("[-#]?\\d+$", "");
  }

  /** Addresses change from run to run; packages of frames are read at a glance without slashes. */
  private static String frame(String name) {
    return name.replaceFirst("[.+]0x[0-9a-f]+.*$", "").replace('/', '.');
  }

  Node root() {
    return root;
  }

  public long samples() {
    return root.samples();
  }
}
