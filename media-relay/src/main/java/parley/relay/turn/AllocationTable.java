package parley.relay.turn;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All allocations of a server, by whose they are and by their tickets. */
final class AllocationTable {

  private static final Logger log = LoggerFactory.getLogger(AllocationTable.class);

  /** 128 bits nobody guesses. */
  private static final int TICKET_BYTES = 16;

  private final Map<FiveTuple, Allocation> byFiveTuple = new HashMap<>();
  private final Map<String, Allocation> byTicket = new HashMap<>();
  private final RelayPool pool;
  private final Quotas quotas;
  private final TurnMeter meter;
  private final SecureRandom random = new SecureRandom();
  private @Nullable FiveTuple probe;

  AllocationTable(RelayPool pool, Quotas quotas, TurnMeter meter) {
    this.pool = pool;
    this.quotas = quotas;
    this.meter = meter;
  }

  /** Null: none, or it is over. */
  @Nullable Allocation at(ClientLink link, InetSocketAddress client, long nowNs) {
    FiveTuple key = probe;
    if (key == null) {
      key = new FiveTuple(link, client);
      probe = key;
    }
    Allocation found = byFiveTuple.get(key.set(link, client));
    return found == null || found.isOver(nowNs) ? null : found;
  }

  void add(Allocation allocation) {
    Allocation over = byFiveTuple.get(allocation.fiveTuple());
    if (over != null) {
      end(over, "its time was over");
    }
    byFiveTuple.put(allocation.fiveTuple(), allocation);
    meter.allocated();
    log.debug("allocated for {}", allocation.owner());
  }

  /** Null: no such ticket. */
  @Nullable Allocation ofTicket(String ticket, long nowNs) {
    Allocation found = byTicket.get(ticket);
    return found == null || found.isOver(nowNs) ? null : found;
  }

  /** The old one, if any, is good no longer. */
  byte[] newTicket(Allocation allocation) {
    forgetTicket(allocation);
    byte[] bytes = new byte[TICKET_BYTES];
    random.nextBytes(bytes);
    String ticket = HexFormat.of().formatHex(bytes);
    allocation.ticket(ticket);
    byTicket.put(ticket, allocation);
    return bytes;
  }

  private void forgetTicket(Allocation allocation) {
    String ticket = allocation.ticket();
    if (ticket != null) {
      byTicket.remove(ticket);
    }
  }

  /** The client has another address now, where nothing is yet (RFC 8016). */
  void move(Allocation allocation, ClientLink link, InetSocketAddress client) {
    byFiveTuple.remove(allocation.fiveTuple());
    var moved = new FiveTuple(link, client);
    Allocation over = byFiveTuple.get(moved);
    if (over != null) {
      end(over, "its time was over");
    }
    allocation.moveTo(moved);
    byFiveTuple.put(moved, allocation);
  }

  /** Gives one of two families back. */
  void drop(Allocation allocation, Relay relay) {
    allocation.drop(relay);
    pool.close(relay);
  }

  void end(Allocation allocation, String why) {
    byFiveTuple.remove(allocation.fiveTuple());
    forgetTicket(allocation);
    Relay first = allocation.first();
    if (first != null) {
      pool.close(first);
    }
    Relay second = allocation.second();
    if (second != null) {
      pool.close(second);
    }
    quotas.release(allocation.quota());
    meter.released();
    log.debug("allocation of {} ended: {}", allocation.owner(), why);
  }

  /** Ends those whose time is over, and lets go of permissions and channels that are. */
  void sweep(long nowNs) {
    List<Allocation> over = new ArrayList<>();
    for (Allocation allocation : byFiveTuple.values()) {
      if (allocation.isOver(nowNs)) {
        over.add(allocation);
      } else {
        allocation.peers().sweep(nowNs);
      }
    }
    over.forEach(allocation -> end(allocation, "its time was over"));
  }

  void endAll(String why) {
    List.copyOf(byFiveTuple.values()).forEach(allocation -> end(allocation, why));
  }

  int size() {
    return byFiveTuple.size();
  }
}
