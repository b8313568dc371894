package parley.load.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can go wrong with a cluster, or is done to it on purpose. */
enum Fault {
  OWNER("a node that a call runs on is killed"),
  SOCKETS("a node that only holds sockets is killed"),
  NATS("NATS is killed, and comes back later"),
  CUT("a node is cut off from NATS, and reached again later"),
  DRAIN("a node that a call runs on is drained, ends and starts again"),
  UPGRADE("all nodes are drained and started again, one by one");

  final String sentence;

  Fault(String sentence) {
    this.sentence = sentence;
  }

  /** As it is named on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Fault of(String word) {
    return Arrays.stream(values())
        .filter(fault -> fault.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no fault \"" + word + "\"; there are " + words()));
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Fault::word).toList();
  }
}
