package parley.signalling.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Chooses where a call goes: to the least loaded node that takes calls, and says why. */
public final class Placement {

  /** Another node has to be so much less loaded to be worth the way through the bus. */
  private static final double WAY = 0.15;

  /** Another region costs more than any load but a full one: every packet goes that way. */
  private static final double FAR = 0.6;

  /** So many devices are about a processor's work; nodes that say no CPU are told apart by it. */
  private static final double DEVICES = 400;

  /** A node as loaded as this takes a call only when all are. */
  private static final double FULL = 0.9;

  private Placement() {}

  /**
   * @param why one line for the log: who was chosen, and who was not for what
   */
  public record Choice(NodeId node, String why) {}

  private record Candidate(NodeStatus status, double cost) {}

  /**
   * @param here who asks: the node whose client begins the call
   * @param living all that are alive, {@code here} included
   * @return empty when nobody takes calls
   */
  public static Optional<Choice> choose(NodeStatus here, Collection<NodeStatus> living) {
    List<Candidate> candidates = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (NodeStatus node : living) {
      if (node.mediaLess()) {
        others.add(node.id() + " is no relay");
      } else if (node.draining() || node.leaving()) {
        others.add(node.id() + " is draining");
      } else if (Math.abs(node.version() - here.version()) > 1) {
        others.add(node.id() + " speaks version " + node.version());
      } else {
        candidates.add(new Candidate(node, cost(here, node)));
      }
    }
    candidates.sort(
        Comparator.comparingDouble(Candidate::cost)
            .thenComparing(candidate -> candidate.status().id()));
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    Candidate best = candidates.getFirst();
    String rest =
        candidates.stream().skip(1).map(Placement::worded).collect(Collectors.joining(", "));
    String why =
        worded(best)
            + (rest.isEmpty() ? "" : "; not " + rest)
            + (others.isEmpty() ? "" : "; " + String.join(", ", others));
    return Optional.of(new Choice(best.status().id(), why));
  }

  private static double cost(NodeStatus here, NodeStatus node) {
    double load = Math.max(0, node.cpu()) + node.devices() / DEVICES;
    double cost = load >= FULL ? load + 10 : load;
    cost += node.id().equals(here.id()) ? 0 : WAY;
    return cost + (node.region().equals(here.region()) ? 0 : FAR);
  }

  private static String worded(Candidate candidate) {
    NodeStatus status = candidate.status();
    return String.format(
        Locale.ROOT,
        "%s (cost %.2f: CPU %s, %d calls, %d devices%s)",
        status.id(),
        candidate.cost(),
        status.cpu() < 0 ? "unknown" : Math.round(status.cpu() * 100) + " %",
        status.calls(),
        status.devices(),
        status.region().isEmpty() ? "" : ", " + status.region());
  }
}
