package parley.load.model;

/**
 * What a cluster costs, by its number of nodes. Each node carries as many people as one that is
 * alone; what nodes tell each other comes on top, and is bought as more CPU.
 *
 * <p>Rates are of one node and a second unless they say otherwise. Nodes are alike, so what one
 * says on average is what one hears. Queues are those of one server with random arrivals (M/M/1).
 */
final class ClusterModel {

  /** Opus' usual packets. */
  private static final double PACKETS = 50;

  private static final double US = 1e-6;

  /** Signs of life, and renewals, in a lease ({@code Membership}). */
  private static final double BEATS_PER_LEASE = 3;

  /** An acknowledgement waits so long for something that carries it ({@code NodeStream}). */
  private static final double MOST_ACKS = 1 / 0.04;

  /** A call is claimed, and let go. */
  private static final double WRITES_A_CALL = 2;

  /** {@code NodeMessage.Opened} in its frame, and what else is about as long. */
  private static final double MESSAGE_BYTES = 420;

  private static final double STATUS_BYTES = 200;

  /** {@code NodeMessage.Running}: of a call, and of each device in it. */
  private static final double RUNNING_BYTES = 400;

  private static final double RUNNING_DEVICE_BYTES = 250;

  private final Figures figures;

  ClusterModel(Figures figures) {
    this.figures = figures;
  }

  private double of(Quantity quantity) {
    return figures.get(quantity);
  }

  /** In calls at one node, when it is as busy as it may be. */
  double peopleOfANode() {
    double cpu = of(Quantity.PROCESSORS) * of(Quantity.BUSY);
    return cpu / (packetsOfOne() * of(Quantity.PACKET_CPU) * US + joinCpuOfOne());
  }

  /** Somebody hears all who talk, and not himself. */
  private double packetsOfOne() {
    return PACKETS * of(Quantity.TALKERS) * (of(Quantity.PEOPLE) - 1) / of(Quantity.PEOPLE);
  }

  private double joinCpuOfOne() {
    return of(Quantity.JOIN_CPU) * US / of(Quantity.CALL_LENGTH);
  }

  Load of(int nodes, Design design) {
    double people = peopleOfANode();
    double sockets = people * of(Quantity.SOCKETS);
    double joins = people / of(Quantity.CALL_LENGTH);
    double callsBegun = joins / of(Quantity.PEOPLE);
    double told = design.told(nodes, figures);

    // What is told to every node that has to know.
    double socketNews = sockets * (2 / of(Quantity.SOCKET_LIFE) + of(Quantity.AWAY) / 3600);
    double callNews = joins * of(Quantity.CHANGES);
    // What passes between a call's owner and sockets elsewhere; where a call begins, it is placed.
    double homes = design.homes(nodes, figures);
    double elsewhere = (1 - 1 / of(Quantity.PEOPLE)) * (homes - 1) / homes;
    double said = joins * of(Quantity.SAID) * elsewhere;
    double tells = joins * of(Quantity.TOLD) * elsewhere;
    double messages = (socketNews + callNews) * told + said + tells;
    double acks = told == 0 ? 0 : Math.min(messages, told * MOST_ACKS);
    double beats = BEATS_PER_LEASE * 1000 / of(Quantity.LEASE);
    double beatsHeard = design.heard(nodes, figures) * beats;

    double readCpu = (messages + acks) * of(Quantity.MESSAGE_READ) * US;
    double beatsCpu = beatsHeard * of(Quantity.STATUS_READ) * US;
    double writtenCpu = (messages + acks) * of(Quantity.MESSAGE_WRITTEN) * US;
    double talkCpu = readCpu + beatsCpu + writtenCpu;
    double usedCpu = of(Quantity.PROCESSORS) * of(Quantity.BUSY);
    double events =
        joins * (of(Quantity.SAID) + of(Quantity.TOLD)) + sockets / of(Quantity.SOCKET_LIFE);
    double threadShare = talkCpu + events * of(Quantity.CLIENT_EVENT) * US;

    double cells = design.cells(nodes, figures);
    double delivered = nodes * (messages + acks + beatsHeard);
    double natsShare =
        delivered
            / cells
            * of(Quantity.NATS_DELIVERY)
            * US
            / (of(Quantity.NATS_PROCESSORS) * of(Quantity.NATS_SERVERS));
    double bytes =
        nodes
            * ((socketNews * told + said + tells + acks) * MESSAGE_BYTES
                + callNews * told * (RUNNING_BYTES + of(Quantity.PEOPLE) * RUNNING_DEVICE_BYTES)
                + beatsHeard * STATUS_BYTES);
    double leaseWrites = nodes == 1 ? 0 : nodes * (beats + callsBegun * WRITES_A_CALL);
    double leaseShare = leaseWrites / cells / of(Quantity.LEASE_WRITES);
    double known =
        told * (sockets * of(Quantity.SOCKET_BYTES) + people * of(Quantity.DEVICE_BYTES));

    return new Load(
        nodes,
        nodes * people,
        nodes == 1 ? 0 : delivered,
        nodes == 1 ? 0 : bytes,
        leaseWrites,
        nodes == 1 ? 0 : 2.0 * nodes + cells,
        talkCpu / (usedCpu + talkCpu),
        threadShare,
        nodes == 1 ? 0 : natsShare,
        nodes == 1 ? 0 : bytes / cells / (of(Quantity.NATS_SERVERS) * of(Quantity.NATS_NETWORK)),
        leaseShare,
        known / of(Quantity.HEAP),
        setUpMs(nodes, elsewhere, threadShare, natsShare, leaseShare),
        nodes == 1 ? 0 : recoveryS(nodes, people, leaseShare),
        euros(nodes, people, (usedCpu + talkCpu) / usedCpu, cells));
  }

  private double setUpMs(
      int nodes, double elsewhere, double threadShare, double natsShare, double leaseShare) {
    double inThread = waitMs(of(Quantity.CLIENT_EVENT) / 1000, threadShare);
    if (nodes == 1) {
      return of(Quantity.SET_UP) + inThread;
    }
    double claim = waitMs(of(Quantity.LEASE_WRITE), leaseShare) / of(Quantity.PEOPLE);
    double ways = 2 * elsewhere * waitMs(of(Quantity.NATS_HOP), natsShare);
    return of(Quantity.SET_UP) + (1 + elsewhere) * inThread + claim + ways;
  }

  /** How long something takes that takes {@code aloneMs} when nothing is before it. */
  static double waitMs(double aloneMs, double share) {
    return share >= 1 ? Double.POSITIVE_INFINITY : aloneMs / (1 - share);
  }

  /** A lease runs out, somebody notices, claims are made anew, and everybody comes in again. */
  private double recoveryS(int nodes, double people, double leaseShare) {
    double leaseS = of(Quantity.LEASE) / 1000 * (1 + 1 / BEATS_PER_LEASE);
    double writes = of(Quantity.LEASE_WRITES) * (1 - leaseShare);
    double claimsS = writes <= 0 ? Double.POSITIVE_INFINITY : people / of(Quantity.PEOPLE) / writes;
    double idle = (nodes - 1) * of(Quantity.PROCESSORS) * (1 - of(Quantity.BUSY));
    return leaseS + claimsS + people * of(Quantity.JOIN_CPU) * US / idle;
  }

  private double euros(int nodes, double people, double more, double cells) {
    double processors = nodes * of(Quantity.PROCESSORS) * more;
    if (nodes > 1) {
      processors += cells * of(Quantity.NATS_SERVERS) * of(Quantity.NATS_PROCESSORS);
    }
    double gigabytes = packetsOfOne() * of(Quantity.PACKET_BYTES) * 3600 / 1e9;
    return 1000
        * (processors * of(Quantity.PROCESSOR_PRICE) / (nodes * people)
            + gigabytes * of(Quantity.TRAFFIC_PRICE));
  }
}
