package parley.relay.turn;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.Authenticator.Outcome;

/**
 * A TURN and STUN server. Owned by one thread, which brings what arrives, and the time:
 *
 * <pre>
 * from clients:  onClientMessage, onDisconnect
 * from peers:    onPeerDatagram
 * from a timer:  onTick, about once a second
 * </pre>
 *
 * What it sends goes to the {@link ClientLink}s and {@link RelaySocket}s at once.
 */
public final class TurnServer {

  /** Bytes that have to be free before what is handed in. */
  public static final int HEADROOM_BYTES = DataPath.HEADROOM_BYTES;

  /** Bytes that have to be free behind what is handed in. */
  public static final int TAILROOM_BYTES = DataPath.TAILROOM_BYTES;

  private final StunReader message = new StunReader();
  private final Integrity integrity = new Integrity();
  private final RelayPool pool;
  private final AllocationTable allocations;
  private final Authenticator authenticator;
  private final Answers answers;
  private final TurnRequests requests;
  private final DataPath dataPath;
  private final TurnMeter meter;

  /**
   * @param wallClock tells which time-limited credentials have run out
   */
  public TurnServer(
      TurnSettings settings,
      RelaySockets sockets,
      OwnMedia media,
      InstantSource wallClock,
      TurnMeter meter,
      long nowNs) {
    this.meter = meter;
    var quotas = new Quotas(settings, nowNs);
    pool = new RelayPool(sockets, settings.ports(), settings.addresses());
    allocations = new AllocationTable(pool, quotas, meter);
    authenticator = new Authenticator(settings.credentials(), wallClock, integrity, nowNs);
    answers = new Answers(integrity, authenticator, meter);
    requests = new TurnRequests(settings, allocations, pool, quotas, answers);
    dataPath = new DataPath(allocations, pool, quotas, media, meter);
  }

  /**
   * One datagram of a client, or one whole frame of its stream.
   *
   * @param data worked on in place; {@link #HEADROOM_BYTES} before and {@link #TAILROOM_BYTES}
   *     behind the message are written to
   */
  public void onClientMessage(
      ClientLink link,
      InetSocketAddress client,
      byte[] data,
      int offset,
      int lengthBytes,
      long nowNs) {
    if (lengthBytes < ChannelData.HEADER_BYTES) {
      meter.drop(TurnDrop.UNKNOWN_PROTOCOL);
      return;
    }
    int first = data[offset] & 0xFF;
    if (first >= 0x40 && first < 0x80) {
      dataPath.onChannelData(link, client, data, offset, lengthBytes, nowNs);
    } else if (first >= 0x40) {
      meter.drop(TurnDrop.UNKNOWN_PROTOCOL);
    } else if (!message.wrap(data, offset, lengthBytes)
        || (message.fingerprintAt() >= 0 && !integrity.isFingerprintRight(message))) {
      meter.drop(TurnDrop.MALFORMED);
    } else if (message.isIndication() && message.method() == StunMethod.SEND) {
      dataPath.onSend(link, client, message, nowNs);
    } else if (message.isRequest()) {
      onRequest(new Exchange(link, client, message, nowNs));
    } else {
      meter.drop(TurnDrop.UNWANTED);
    }
  }

  private void onRequest(Exchange exchange) {
    switch (exchange.request().method()) {
      case StunMethod.BINDING -> onBinding(exchange);
      case StunMethod.ALLOCATE,
          StunMethod.REFRESH,
          StunMethod.CREATE_PERMISSION,
          StunMethod.CHANNEL_BIND ->
          onProtected(exchange);
      default -> meter.drop(TurnDrop.UNWANTED);
    }
  }

  private void onBinding(Exchange exchange) {
    if (!authenticator.mayAnswerStranger(exchange.link(), exchange.client(), exchange.nowNs())) {
      meter.drop(TurnDrop.STRANGER);
      return;
    }
    int[] unknown = exchange.request().unknownRequired(true);
    if (unknown.length > 0) {
      answers.unknown(exchange, null, unknown);
    } else {
      answers.mapped(exchange);
    }
  }

  private void onProtected(Exchange exchange) {
    Allocation existing = allocations.at(exchange.link(), exchange.client(), exchange.nowNs());
    Login known = existing == null ? requests.ownerOfTicket(exchange) : existing.owner();
    switch (authenticator.check(exchange.request(), exchange.client(), known, exchange.nowNs())) {
      case Outcome.Granted granted -> onGranted(exchange, granted, existing);
      case Outcome.Refused refused -> refuse(exchange, refused.error());
      case Outcome.Ignored _ -> onFailedTooOften(exchange);
    }
  }

  /** On UDP the question comes again and may be answered then; on a stream he waits for good. */
  private void onFailedTooOften(Exchange exchange) {
    meter.drop(TurnDrop.FAILED_TOO_OFTEN);
    if (exchange.link().isStream()) {
      answers.refuse(exchange, StunError.SERVER_ERROR);
    }
  }

  private void refuse(Exchange exchange, StunError error) {
    if (authenticator.mayAnswerStranger(exchange.link(), exchange.client(), exchange.nowNs())) {
      answers.refuse(exchange, error);
    } else {
      meter.drop(TurnDrop.STRANGER);
    }
  }

  private void onGranted(
      Exchange exchange, Outcome.Granted granted, @Nullable Allocation existing) {
    int[] unknown = exchange.request().unknownRequired(pool.canForbidFragments());
    if (unknown.length > 0) {
      answers.unknown(exchange, granted, unknown);
      return;
    }
    switch (exchange.request().method()) {
      case StunMethod.ALLOCATE -> requests.onAllocate(exchange, granted, existing);
      case StunMethod.REFRESH -> requests.onRefresh(exchange, granted, existing);
      default -> onPeerRequest(exchange, granted, existing);
    }
  }

  private void onPeerRequest(
      Exchange exchange, Outcome.Granted granted, @Nullable Allocation existing) {
    if (existing == null) {
      answers.error(exchange, granted, StunError.ALLOCATION_MISMATCH);
    } else if (!existing.owner().isSameUser(granted.login())) {
      answers.error(exchange, granted, StunError.WRONG_CREDENTIALS);
    } else if (exchange.request().method() == StunMethod.CHANNEL_BIND) {
      requests.onChannelBind(exchange, granted, existing);
    } else {
      requests.onCreatePermission(exchange, granted, existing);
    }
  }

  /**
   * A datagram that a relay's socket, or a media loop of this node, has for its client.
   *
   * @param data worked on in place, as in {@link #onClientMessage}
   */
  public void onPeerDatagram(
      Relay relay, InetSocketAddress peer, byte[] data, int offset, int lengthBytes, long nowNs) {
    dataPath.onPeerDatagram(relay, peer, data, offset, lengthBytes, nowNs);
  }

  /**
   * A client's stream has ended. Its allocation ends, too, unless it has a ticket to come back with
   * or has come back already (RFC 8016); it waits for as long as it was granted.
   */
  public void onDisconnect(ClientLink link, InetSocketAddress client, long nowNs) {
    Allocation allocation = allocations.at(link, client, nowNs);
    if (allocation != null) {
      allocations.onDisconnect(allocation, link, client);
    }
  }

  /** Whether a client has anything here: connections of others need not be kept. */
  public boolean hasAllocation(ClientLink link, InetSocketAddress client, long nowNs) {
    return allocations.at(link, client, nowNs) != null;
  }

  /** The relay that has this address, as it is shown or bound; null: none. */
  public @Nullable Relay relayAt(InetSocketAddress address) {
    return pool.at(address);
  }

  /** Lets go of what is over. */
  public void onTick(long nowNs) {
    allocations.sweep(nowNs);
    pool.sweep(nowNs);
  }

  /** Ends everything and closes every relayed port. */
  public void close() {
    allocations.endAll("the server is stopping");
    pool.endReservations();
  }

  /** Relayed ports that are bound. */
  int portsInUse() {
    return pool.inUse();
  }
}
