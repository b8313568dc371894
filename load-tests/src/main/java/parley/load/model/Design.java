package parley.load.model;

/** Who is told what, and where leases stand: as it is built, and what would come after it. */
enum Design {
  /** Every node tells every other one of each of its sockets and calls. */
  EVERYBODY("as it is built: everybody is told everything"),

  /**
   * A team's people are led to the same few nodes, and only these are told of its sockets and
   * calls.
   */
  BY_TEAM("only the nodes of a team are told of its sockets and calls"),

  /**
   * That, and signs of life stay within a cell of nodes, which has a NATS cluster and a bucket of
   * its own; of each other cell one sign of life is heard.
   */
  CELLS("that, and cells with a NATS and a bucket of their own");

  private final String text;

  Design(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** To how many other nodes one says that a socket or a call has changed. */
  double told(int nodes, Figures figures) {
    return this == EVERYBODY ? nodes - 1 : homes(nodes, figures) - 1;
  }

  /** Over how many nodes a team's people are spread. */
  double homes(int nodes, Figures figures) {
    return this == EVERYBODY ? nodes : Math.min(nodes, figures.get(Quantity.TEAM_NODES));
  }

  /** Of how many nodes and cells one hears that they live. */
  double heard(int nodes, Figures figures) {
    if (this != CELLS) {
      return nodes - 1;
    }
    return Math.min(nodes, figures.get(Quantity.CELL)) - 1 + cells(nodes, figures) - 1;
  }

  /** NATS clusters, each with a bucket. */
  double cells(int nodes, Figures figures) {
    return this == CELLS ? Math.ceil(nodes / figures.get(Quantity.CELL)) : 1;
  }
}
