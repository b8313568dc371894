package parley.relay.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.Authenticator.Outcome.Granted;

/** Carries out what authenticated clients ask for (RFC 8656 §7 to §12). */
final class TurnRequests {

  /** RFC 8656 §7.2: ten minutes unless asked for more. */
  static final int DEFAULT_LIFETIME_S = 600;

  /** RFC 8656 §7.2 recommends an hour at most. */
  static final int MAX_LIFETIME_S = 3600;

  private final TurnSettings settings;
  private final AllocationTable allocations;
  private final RelayPool pool;
  private final Quotas quotas;
  private final Answers answers;
  private final Mobility mobility;

  TurnRequests(
      TurnSettings settings,
      AllocationTable allocations,
      RelayPool pool,
      Quotas quotas,
      Answers answers) {
    this.settings = settings;
    this.allocations = allocations;
    this.pool = pool;
    this.quotas = quotas;
    this.answers = answers;
    this.mobility = new Mobility(settings.mobility(), allocations);
  }

  /** RFC 8656 §7.2. */
  void onAllocate(Exchange exchange, Granted granted, @Nullable Allocation existing) {
    if (existing != null) {
      if (existing.isMadeBy(exchange.request()) && existing.owner().isSameUser(granted.login())) {
        allocated(exchange, granted, existing); // the first answer was lost
      } else {
        answers.error(exchange, granted, StunError.ALLOCATION_MISMATCH);
      }
      return;
    }
    StunError refusal = AllocateRequest.refusal(exchange.request());
    if (refusal != null) {
      answers.error(exchange, granted, refusal);
      return;
    }
    if (PeerPolicy.isTunnel(IpAddress.of(exchange.client().getAddress()))) {
      answers.error(exchange, granted, StunError.FORBIDDEN);
      return;
    }
    AllocateRequest wanted = AllocateRequest.of(exchange.request());
    StunError impossible = impossible(wanted);
    if (impossible != null) {
      answers.error(exchange, granted, impossible);
      return;
    }
    UserQuota quota = quotas.tryAllocate(granted.login().name(), exchange.nowNs());
    if (quota == null) {
      answers.error(exchange, granted, StunError.ALLOCATION_QUOTA_REACHED);
      return;
    }
    Allocation made = allocate(exchange, granted.login(), wanted, quota);
    if (made == null) {
      quotas.release(quota);
      answers.error(exchange, granted, StunError.INSUFFICIENT_CAPACITY);
      return;
    }
    made.expireAt(exchange.nowNs() + seconds(lifetime(wanted.lifetimeSeconds())), null);
    allocations.add(made);
    if (wanted.mobile()) {
      allocations.newTicket(made);
    }
    allocated(exchange, granted, made);
  }

  private @Nullable StunError impossible(AllocateRequest wanted) {
    if (wanted.mobile() && !mobility.isAllowed()) {
      return StunError.MOBILITY_FORBIDDEN;
    }
    Long token = wanted.token();
    if (token != null) {
      return pool.isReserved(token) ? null : StunError.INSUFFICIENT_CAPACITY;
    }
    boolean some =
        pool.hasFamily(wanted.family())
            || (wanted.alsoIpv6() && pool.hasFamily(IpAddress.IPV6_FAMILY));
    return some ? null : StunError.ADDRESS_FAMILY_NOT_SUPPORTED;
  }

  private @Nullable Allocation allocate(
      Exchange exchange, Login login, AllocateRequest wanted, UserQuota quota) {
    Long token = wanted.token();
    Relay first = token != null ? pool.redeem(token) : pool.open(wanted.family(), wanted.wish());
    Relay second = wanted.alsoIpv6() ? pool.open(IpAddress.IPV6_FAMILY, wanted.wish()) : null;
    StunError missing = null;
    if (wanted.alsoIpv6() && (first == null || second == null)) {
      int lacking = first == null ? IpAddress.IPV4_FAMILY : IpAddress.IPV6_FAMILY;
      missing =
          pool.hasFamily(lacking)
              ? StunError.INSUFFICIENT_CAPACITY
              : StunError.ADDRESS_FAMILY_NOT_SUPPORTED;
    }
    if (first == null) {
      first = second;
      second = null;
    }
    if (first == null) {
      return null;
    }
    Long reservation =
        wanted.wish() == RelayPool.Wish.EVEN_AND_NEXT
            ? pool.reserveNext(first, exchange.nowNs())
            : null;
    return new Allocation(
        new FiveTuple(exchange.link(), exchange.client()),
        login,
        quota,
        exchange.request().transactionId(),
        first,
        second,
        reservation,
        missing);
  }

  private void allocated(Exchange exchange, Granted granted, Allocation allocation) {
    StunWriter answer = answers.success(exchange);
    Relay first = allocation.first();
    if (first != null) {
      answer.xorAddress(StunAttribute.XOR_RELAYED_ADDRESS, first.shown());
    }
    Relay second = allocation.second();
    if (second != null) {
      answer.xorAddress(StunAttribute.XOR_RELAYED_ADDRESS, second.shown());
    }
    answer
        .xorAddress(StunAttribute.XOR_MAPPED_ADDRESS, exchange.client())
        .number(StunAttribute.LIFETIME, allocation.remainingSeconds(exchange.nowNs()));
    Long reservation = allocation.reservation();
    if (reservation != null) {
      byte[] token = new byte[8];
      Bytes.put64(token, 0, reservation);
      answer.bytes(StunAttribute.RESERVATION_TOKEN, token);
    }
    StunError missing = allocation.missingFamily();
    if (missing != null && first != null) {
      int lacking = first.isIpv6() ? IpAddress.IPV4_FAMILY : IpAddress.IPV6_FAMILY;
      answer.addressError(lacking, missing);
    }
    String ticket = allocation.ticket();
    if (ticket != null) {
      answer.bytes(StunAttribute.MOBILITY_TICKET, HexFormat.of().parseHex(ticket));
    }
    answers.send(exchange, granted);
  }

  /** RFC 8656 §8.2; with a ticket, RFC 8016 §3.2. */
  void onRefresh(Exchange exchange, Granted granted, @Nullable Allocation existing) {
    StunReader request = exchange.request();
    boolean mobile = Mobility.isAskedFor(exchange);
    StunError refusal = mobile ? mobility.refusal(exchange, existing) : null;
    if (refusal != null) {
      answers.error(exchange, granted, refusal);
      return;
    }
    Allocation allocation = mobile ? mobility.named(exchange) : existing;
    if (allocation == null) {
      answers.error(exchange, granted, StunError.ALLOCATION_MISMATCH);
      return;
    }
    if (!allocation.owner().isSameUser(granted.login())) {
      answers.error(exchange, granted, StunError.WRONG_CREDENTIALS);
      return;
    }
    int lifetime = request.find(StunAttribute.LIFETIME);
    int family = request.find(StunAttribute.REQUESTED_ADDRESS_FAMILY);
    if ((lifetime >= 0 && AllocateRequest.isNot(request, lifetime, 4))
        || (family >= 0 && AllocateRequest.isNot(request, family, 4))) {
      answers.error(exchange, granted, StunError.BAD_REQUEST);
      return;
    }
    Relay relay = family < 0 ? allocation.first() : ofFamily(allocation, request.data()[family]);
    if (relay == null) {
      answers.error(exchange, granted, StunError.PEER_ADDRESS_FAMILY_MISMATCH);
      return;
    }
    if (mobile) {
      mobility.move(exchange, allocation);
    }
    refresh(exchange, granted, allocation, family < 0 ? null : relay, mobile);
  }

  /** Who may have come back from another address; null: nobody we know. */
  @Nullable Login ownerOfTicket(Exchange exchange) {
    Allocation named = Mobility.isAskedFor(exchange) ? mobility.named(exchange) : null;
    return named == null ? null : named.owner();
  }

  private static @Nullable Relay ofFamily(Allocation allocation, byte family) {
    return switch (family) {
      case IpAddress.IPV4_FAMILY -> allocation.relay(false);
      case IpAddress.IPV6_FAMILY -> allocation.relay(true);
      default -> null;
    };
  }

  private void refresh(
      Exchange exchange,
      Granted granted,
      Allocation allocation,
      @Nullable Relay only,
      boolean mobile) {
    long asked = AllocateRequest.lifetimeSeconds(exchange.request());
    int granting = asked == 0 ? 0 : lifetime(asked);
    if (granting > 0) {
      allocation.expireAt(exchange.nowNs() + seconds(granting), only);
    } else if (only != null && allocation.isDual()) {
      allocations.drop(allocation, only);
    } else {
      allocations.end(allocation, "its client asked for it");
    }
    StunWriter answer = answers.success(exchange).number(StunAttribute.LIFETIME, granting);
    if (mobile && granting > 0) {
      answer.bytes(StunAttribute.MOBILITY_TICKET, mobility.ticketFor(exchange, allocation));
    }
    answers.send(exchange, granted);
  }

  /** RFC 8656 §10.2: all of them, or none. */
  void onCreatePermission(Exchange exchange, Granted granted, Allocation allocation) {
    StunReader request = exchange.request();
    List<IpAddress> wanted = new ArrayList<>();
    StunError refusal = null;
    int at = request.find(StunAttribute.XOR_PEER_ADDRESS);
    if (at < 0) {
      refusal = StunError.BAD_REQUEST;
    }
    while (at >= 0 && refusal == null) {
      refusal = peerRefusal(request, at, allocation);
      wanted.add(request.peer());
      at = request.findNext(StunAttribute.XOR_PEER_ADDRESS, at);
    }
    if (refusal == null && !allocation.peers().hasRoomFor(wanted.size())) {
      refusal = StunError.INSUFFICIENT_CAPACITY;
    }
    if (refusal != null) {
      answers.error(exchange, granted, refusal);
      return;
    }
    for (IpAddress peer : wanted) {
      allocation.peers().permit(peer, settings.policy().verdict(peer), exchange.nowNs());
    }
    answers.success(exchange);
    answers.send(exchange, granted);
  }

  /** Reads the address, and says what is wrong with it. */
  private @Nullable StunError peerRefusal(StunReader request, int valueAt, Allocation allocation) {
    if (!request.readXorAddress(valueAt)) {
      return StunError.BAD_REQUEST;
    }
    if (allocation.relay(request.peerIpv6()) == null) {
      return StunError.PEER_ADDRESS_FAMILY_MISMATCH;
    }
    boolean refused = settings.policy().verdict(request.peer()) == PeerVerdict.REFUSED;
    return refused ? StunError.FORBIDDEN : null;
  }

  /** RFC 8656 §12.2. */
  void onChannelBind(Exchange exchange, Granted granted, Allocation allocation) {
    StunReader request = exchange.request();
    int numberAt = request.find(StunAttribute.CHANNEL_NUMBER);
    int peerAt = request.find(StunAttribute.XOR_PEER_ADDRESS);
    if (AllocateRequest.isNot(request, numberAt, 4) || peerAt < 0) {
      answers.error(exchange, granted, StunError.BAD_REQUEST);
      return;
    }
    int number = Bytes.int16(request.data(), numberAt);
    StunError refusal = peerRefusal(request, peerAt, allocation);
    if (!ChannelData.isNumber(number) || (refusal == null && request.peerPort() == 0)) {
      refusal = StunError.BAD_REQUEST;
    }
    if (refusal != null) {
      answers.error(exchange, granted, refusal);
      return;
    }
    IpAddress ip = request.peer();
    InetAddress address = ip.toInetAddress();
    var peer = new InetSocketAddress(address, request.peerPort());
    PeerTable peers = allocation.peers();
    Channel ofNumber = peers.channel(number, exchange.nowNs());
    Channel ofPeer = peers.channel(peer, exchange.nowNs());
    if (ofNumber != ofPeer) {
      answers.error(exchange, granted, StunError.BAD_REQUEST); // one of them is somebody else's
      return;
    }
    if ((ofNumber == null && !peers.hasRoomForChannel()) || !peers.hasRoomFor(1)) {
      answers.error(exchange, granted, StunError.INSUFFICIENT_CAPACITY);
      return;
    }
    PeerVerdict verdict = settings.policy().verdict(ip);
    peers.bind(number, peer, verdict, exchange.nowNs());
    peers.permit(ip, verdict, exchange.nowNs());
    answers.success(exchange);
    answers.send(exchange, granted);
  }

  private static int lifetime(long askedSeconds) {
    return Math.clamp(askedSeconds, DEFAULT_LIFETIME_S, MAX_LIFETIME_S);
  }

  private static long seconds(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
