package parley.relay.turn;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The relayed addresses of a server: which ports are taken, which are held for somebody who asked
 * for a pair (RFC 8656 §7.2).
 */
final class RelayPool {

  /** How long a reserved port waits for its owner: RFC 8656 §7.2 asks for 30 s at least. */
  private static final long RESERVED_NS = Duration.ofSeconds(30).toNanos();

  /** Ports that another process has; so many in a row, and the range is not ours. */
  private static final int MAX_REFUSALS = 32;

  /** What a client asks of the port. */
  enum Wish {
    ANY,
    EVEN,
    /** An even one, and the next one held for later. */
    EVEN_AND_NEXT
  }

  private record Reservation(Relay relay, long expiresNs) {}

  private final RelaySockets sockets;
  private final PortRange range;
  private final List<RelayAddress> addresses;
  private final Map<Integer, BitSet> taken = new HashMap<>();
  private final Map<InetSocketAddress, Relay> byAddress = new HashMap<>();
  private final Map<Long, Reservation> reservations = new HashMap<>();
  private final RandomGenerator random = new SecureRandom();

  RelayPool(RelaySockets sockets, PortRange range, List<RelayAddress> addresses) {
    this.sockets = sockets;
    this.range = range;
    this.addresses = addresses;
    addresses.forEach(address -> taken.put(address.family(), new BitSet(range.size())));
  }

  boolean hasFamily(int family) {
    return taken.containsKey(family);
  }

  boolean canForbidFragments() {
    return sockets.canForbidFragments();
  }

  /** Null: no port to be had. */
  @Nullable Relay open(int family, Wish wish) {
    for (RelayAddress address : addresses) {
      if (address.family() == family) {
        return open(address, wish);
      }
    }
    return null;
  }

  /** From a random port on (RFC 6056), so that nobody can tell which one comes next. */
  private @Nullable Relay open(RelayAddress address, Wish wish) {
    BitSet used = taken(address.family());
    int start = random.nextInt(range.size());
    int refusals = 0;
    int index = used.nextClearBit(start);
    boolean wrapped = false;
    while (refusals < MAX_REFUSALS) {
      if (index >= range.size()) {
        if (wrapped) {
          return null;
        }
        wrapped = true;
        index = used.nextClearBit(0);
        continue;
      }
      if (wrapped && index >= start) {
        return null;
      }
      if (fits(used, index, wish)) {
        Relay relay = bind(address, range.first() + index);
        if (relay != null && (wish != Wish.EVEN_AND_NEXT || hold(address, relay))) {
          return relay;
        }
        if (relay != null) {
          close(relay);
        }
        refusals++;
      }
      index = used.nextClearBit(index + 1);
    }
    return null;
  }

  private boolean fits(BitSet used, int index, Wish wish) {
    return switch (wish) {
      case ANY -> true;
      case EVEN -> isEven(index);
      case EVEN_AND_NEXT -> isEven(index) && index + 1 < range.size() && !used.get(index + 1);
    };
  }

  private boolean isEven(int index) {
    return (range.first() + index) % 2 == 0;
  }

  private @Nullable Relay bind(RelayAddress address, int port) {
    var relay = new Relay(address, port);
    RelaySocket socket = sockets.open(relay.bound(), relay);
    if (socket == null) {
      return null;
    }
    relay.opened(socket);
    taken(relay.family()).set(port - range.first());
    byAddress.put(relay.shown(), relay);
    byAddress.put(relay.bound(), relay);
    return relay;
  }

  private boolean hold(RelayAddress address, Relay even) {
    return bind(address, even.port() + 1) != null;
  }

  /** Holds the port behind an even one that was opened as {@link Wish#EVEN_AND_NEXT}. */
  long reserveNext(Relay even, long nowNs) {
    var next = new InetSocketAddress(even.shown().getAddress(), even.port() + 1);
    Relay relay = byAddress.get(next);
    if (relay == null) {
      throw new IllegalStateException("the next port was bound with the even one");
    }
    long token = random.nextLong();
    reservations.put(token, new Reservation(relay, nowNs + RESERVED_NS));
    return token;
  }

  boolean isReserved(long token) {
    return reservations.containsKey(token);
  }

  /** Takes what was held. Null: nothing, or not any more. */
  @Nullable Relay redeem(long token) {
    Reservation held = reservations.remove(token);
    return held == null ? null : held.relay();
  }

  /** The relay that has this address, as it is seen or bound. */
  @Nullable Relay at(InetSocketAddress address) {
    return byAddress.get(address);
  }

  void close(Relay relay) {
    relay.close();
    taken(relay.family()).clear(relay.port() - range.first());
    byAddress.remove(relay.shown());
    byAddress.remove(relay.bound());
  }

  /** Lets go of reservations that nobody came for. */
  void sweep(long nowNs) {
    if (reservations.isEmpty()) {
      return;
    }
    List<Long> over = new ArrayList<>();
    reservations.forEach(
        (token, held) -> {
          if (nowNs - held.expiresNs() >= 0) {
            over.add(token);
          }
        });
    over.forEach(this::endReservation);
  }

  /** All of them, whether over or not. */
  void endReservations() {
    List.copyOf(reservations.keySet()).forEach(this::endReservation);
  }

  private void endReservation(Long token) {
    Relay relay = redeem(token);
    if (relay != null) {
      close(relay);
    }
  }

  int inUse() {
    return taken.values().stream().mapToInt(BitSet::cardinality).sum();
  }

  private BitSet taken(int family) {
    BitSet used = taken.get(family);
    if (used == null) {
      throw new IllegalArgumentException("no address of family " + family);
    }
    return used;
  }
}
