package parley.relay.turn;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All allocations of a server, by whose they are and by their tickets. */
final class AllocationTable {

  private static final Logger log = LoggerFactory.getLogger(AllocationTable.class);

  private final Map<FiveTuple, Allocation> byFiveTuple = new HashMap<>();
  private final Map<String, Allocation> byTicket = new HashMap<>();
  private final RelayPool pool;
  private final Quotas quotas;
  private final TurnMeter meter;
  private final TicketSigner tickets = new TicketSigner();
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

  /** Whether a ticket was made here, whatever has become of its allocation. */
  boolean isOurs(byte[] ticket) {
    return tickets.isOurs(ticket);
  }

  /** By its ticket, or the one before. Null: none. */
  @Nullable Allocation ofTicket(String ticket, long nowNs) {
    Allocation found = byTicket.get(ticket);
    return found == null || found.isOver(nowNs) ? null : found;
  }

  /** The one there is, if any, is good for retransmissions only from now on. */
  byte[] newTicket(Allocation allocation) {
    forget(allocation.usedTicket());
    byte[] bytes = tickets.make();
    String ticket = HexFormat.of().formatHex(bytes);
    allocation.ticket(ticket);
    byTicket.put(ticket, allocation);
    return bytes;
  }

  private void forget(@Nullable String ticket) {
    if (ticket != null) {
      byTicket.remove(ticket);
    }
  }

  /**
   * The client has shown its ticket at another address, where nothing is yet. It has both until it
   * sends data from the new one, or the connection at the old one ends (RFC 8016 §3.2.2).
   */
  void move(Allocation allocation, ClientLink link, InetSocketAddress client) {
    stay(allocation);
    if (allocation.fiveTuple().is(link, client)) {
      return; // back where it was
    }
    var to = new FiveTuple(link, client);
    Allocation over = byFiveTuple.get(to);
    if (over != null) {
      end(over, "its time was over");
    }
    byFiveTuple.put(to, allocation);
    allocation.moveTo(to);
    if (allocation.isDisconnected()) {
      arrive(allocation);
    }
  }

  private void stay(Allocation allocation) {
    FiveTuple next = allocation.next();
    if (next != null) {
      byFiveTuple.remove(next);
      allocation.moveTo(null);
    }
  }

  private void arrive(Allocation allocation) {
    byFiveTuple.remove(allocation.fiveTuple());
    allocation.arrive();
  }

  /** A client that moves has sent data. */
  void onDataOfMoving(Allocation allocation, ClientLink link, InetSocketAddress client) {
    if (allocation.newest().is(link, client)) {
      arrive(allocation);
    }
  }

  /** A connection is gone: with it its allocation, unless that has or may get another one. */
  void onDisconnect(Allocation allocation, ClientLink link, InetSocketAddress client) {
    if (allocation.isMoving()) {
      if (allocation.newest().is(link, client)) {
        stay(allocation);
      } else {
        arrive(allocation);
      }
    } else if (allocation.ticket() != null) {
      allocation.disconnect();
    } else {
      end(allocation, "its connection ended");
    }
  }

  /** Gives one of two families back. */
  void drop(Allocation allocation, Relay relay) {
    allocation.drop(relay);
    pool.close(relay);
  }

  void end(Allocation allocation, String why) {
    stay(allocation);
    byFiveTuple.remove(allocation.fiveTuple());
    forget(allocation.ticket());
    forget(allocation.usedTicket());
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
    Set<Allocation> over = new HashSet<>(); // one that moves is found twice
    for (Allocation allocation : byFiveTuple.values()) {
      if (allocation.isOver(nowNs)) {
        over.add(allocation);
        continue;
      }
      Relay relay = allocation.over(nowNs);
      if (relay != null) {
        drop(allocation, relay);
      }
      allocation.peers().sweep(nowNs);
    }
    over.forEach(allocation -> end(allocation, "its time was over"));
  }

  void endAll(String why) {
    Set.copyOf(byFiveTuple.values()).forEach(allocation -> end(allocation, why));
  }
}
