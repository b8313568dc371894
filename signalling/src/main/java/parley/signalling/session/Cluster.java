package parley.signalling.session;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.signalling.cluster.Bus;
import parley.signalling.cluster.LocalBus;
import parley.signalling.cluster.NodeId;
import parley.signalling.directory.Team;
import parley.signalling.wire.TeamId;

/**
 * What makes this process one node of several.
 *
 * @param self this process
 * @param prefix of everything that is said on the bus; installations that share one differ in it
 * @param lease a node that nobody has heard for so long is dead
 * @param region where this node stands; empty: nowhere in particular
 * @param relay whether calls run on this node; else it only holds sockets
 * @param share how many devices of a call one node carries; more go to others
 * @param cpu how busy the machine is, 0 to 1; below 0: not known
 * @param teams a team by its uid, null when there is none; fails when nobody can say
 * @param changed told that another node has seen a team change
 */
public record Cluster(
    NodeId self,
    Bus bus,
    String prefix,
    Duration lease,
    String region,
    boolean relay,
    int share,
    DoubleSupplier cpu,
    Function<TeamId, CompletableFuture<@Nullable Team>> teams,
    Consumer<TeamId> changed) {

  /** A call is as large as one node can bear. */
  static final int ALL = Integer.MAX_VALUE;

  /** A process that is everything: nobody waits for its signs of life. */
  public static Cluster alone() {
    return new Cluster(
        new NodeId("alone"),
        LocalBus.alone(),
        "parley",
        Duration.ofHours(1),
        "",
        true,
        ALL,
        () -> -1,
        team -> CompletableFuture.completedFuture(null),
        team -> {});
  }
}
