package parley.load.model;

import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What may break as nodes are added, and what would be done. */
enum Limit {
  THREAD(
      "the calls' thread of each node",
      0.7,
      Load::threadShare,
      "several of them, calls and teams shared out by their place"),
  NATS(
      "the NATS cluster's processors",
      0.7,
      Load::natsShare,
      "tell fewer nodes, then a NATS cluster for each cell"),
  NETWORK(
      "the NATS cluster's network",
      0.7,
      Load::networkShare,
      "tell fewer nodes, and only what has changed of a call"),
  LEASES("changes of the bucket", 0.7, Load::leaseShare, "a bucket for each cell"),
  HEAP(
      "what each node knows of the others",
      1,
      Load::heapShare,
      "know only of teams that have people here"),
  TALK(
      "half of each node's CPU for what nodes tell each other",
      0.5,
      Load::talkShare,
      "tell fewer nodes");

  private final String what;
  private final double most;
  private final ToDoubleFunction<Load> share;
  private final String remedy;

  Limit(String what, double most, ToDoubleFunction<Load> share, String remedy) {
    this.what = what;
    this.most = most;
    this.share = share;
    this.remedy = remedy;
  }

  String what() {
    return what;
  }

  String remedy() {
    return remedy;
  }

  boolean isReached(Load load) {
    return share.applyAsDouble(load) > most;
  }

  /**
   * The fewest nodes with which it is reached. Shares grow with nodes; empty: with none of these.
   */
  Optional<Integer> reachedWith(ClusterModel model, Design design, int mostNodes) {
    if (!isReached(model.of(mostNodes, design))) {
      return Optional.empty();
    }
    int bears = 0;
    int breaks = mostNodes;
    while (breaks - bears > 1) {
      int middle = (bears + breaks) >>> 1;
      if (isReached(model.of(middle, design))) {
        breaks = middle;
      } else {
        bears = middle;
      }
    }
    return Optional.of(breaks);
  }
}
