package parley.signalling.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.CallPlace;
import parley.signalling.call.Device;
import parley.signalling.call.Person;
import parley.signalling.call.SessionId;
import parley.signalling.directory.IconUrls;
import parley.signalling.directory.Team;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.ServerEvent;

/** One signed-in socket. Owned by the {@link CallLoop}. */
final class ClientSession {

  /** Policy violation (RFC 6455 §7.4.1). */
  private static final int POLICY = 1008;

  private final Arrival arrival;
  private Team team;
  private Person person;
  private final EventCodec codec;
  private final Unconfirmed unconfirmed;
  private final SeenConfirms seen = new SeenConfirms();
  private final Spoken spoken = new Spoken();
  private final boolean mobile;
  private boolean afk;
  private final String confirmPrefix;
  private boolean closing;
  private long lastConfirmId;
  private @Nullable String lastOnline;
  private @Nullable List<OnlineCall> lastCalls;

  ClientSession(Arrival arrival, Person person, EventCodec codec, long resendNs) {
    this.arrival = arrival;
    this.team = arrival.team();
    this.person = person;
    this.codec = codec;
    this.unconfirmed = new Unconfirmed(resendNs);
    // A client's socket may be announced again under another session: its ids are other ones.
    this.confirmPrefix =
        arrival.reach() == Reach.CALLS
            ? arrival.reach().confirmPrefix() + id().shortForm() + "-"
            : arrival.reach().confirmPrefix();
    this.mobile = DeviceName.mobile(arrival.device().useragent());
  }

  SessionId id() {
    return arrival.session();
  }

  Team team() {
    return team;
  }

  /** Team and person are like this from now on. */
  void update(Team now, Person who) {
    team = now;
    person = who;
  }

  /** Ends it; a client that hears of its team from nobody else is told why. */
  void expel(ServerEvent.Panic why) {
    if (reach() == Reach.EVERYTHING) {
      transmit(codec.encode(why));
    }
    closing = true;
    arrival.link().close(POLICY, why.code());
  }

  Jid contact() {
    return arrival.contact();
  }

  /** As calls know him. */
  Caller caller() {
    return new Caller(team, person, device());
  }

  Device device() {
    return arrival.device();
  }

  Person person() {
    return person;
  }

  Reach reach() {
    return arrival.reach();
  }

  boolean mobile() {
    return mobile;
  }

  boolean afk() {
    return afk;
  }

  /** Whether this is a change. */
  boolean afk(boolean away) {
    boolean changed = afk != away;
    afk = away;
    return changed;
  }

  /** Whether an event with this confirm_id is new on this session. */
  boolean isNew(String confirmId) {
    return seen.add(confirmId);
  }

  /** What it said about calls, in order. */
  Spoken spoken() {
    return spoken;
  }

  void confirmed(String confirmId) {
    unconfirmed.confirmed(confirmId);
  }

  /**
   * Sends an event; one that must arrive is sent again until it is confirmed.
   *
   * @param text the event, encoded for who reaches the server by {@link #base}; null: it must
   *     arrive
   */
  void send(ServerEvent event, @Nullable String text, long nowNs) {
    unconfirmed.supersede(event);
    if (event instanceof ServerEvent.CallAnswer answer) {
      served(answer.jid());
    } else if (event instanceof ServerEvent.CallLeave leave) {
      served(leave.jid());
    }
    if (text == null) {
      String confirmId = confirmPrefix + ++lastConfirmId;
      String confirmed = IconUrls.resolve(codec.encode(event, confirmId), base());
      unconfirmed.add(confirmId, event, confirmed, nowNs);
      transmit(confirmed);
    } else {
      transmit(text);
    }
  }

  private void served(Jid chat) {
    CallPlace place = team.place(contact(), chat);
    if (place != null) {
      spoken.served(place.key());
    }
  }

  /** Scheme, host and port by which the client reaches this server. */
  String base() {
    return arrival.base();
  }

  /** The client says something about a call: who answers a ring has heard it, confirmed or not. */
  void onSaid(ClientEvent.OfCall event) {
    boolean answers =
        switch (event) {
          case ClientEvent.CallOffer it -> true;
          case ClientEvent.CallLeave it -> true;
          case ClientEvent.CallReject it -> true;
          case ClientEvent.CallBuzzCancel it -> true;
          case ClientEvent.CallTrickle it -> false;
          case ClientEvent.CallBuzz it -> false;
          case ClientEvent.CallSound it -> false;
          case ClientEvent.CallMuteAll it -> false;
        };
    if (answers) {
      unconfirmed.answered(event.jid());
    }
  }

  /** Sends {@code server.online} unless the client has just this already and need not be told. */
  void sendOnline(String encoded, boolean evenIfSame) {
    if (evenIfSame || !encoded.equals(lastOnline)) {
      lastOnline = encoded;
      transmit(encoded);
    }
  }

  /** Tells the calls that run, unless the link knows just these already. */
  void tellCalls(List<OnlineCall> calls) {
    if (!calls.equals(lastCalls)) {
      lastCalls = List.copyOf(calls);
      arrival.link().calls(lastCalls);
    }
  }

  void resend(long nowNs) {
    for (String text = unconfirmed.pollDue(nowNs);
        text != null;
        text = unconfirmed.pollDue(nowNs)) {
      transmit(text);
    }
  }

  long nextDeadlineNs() {
    return unconfirmed.nextNs();
  }

  private void transmit(String text) {
    if (!closing && !arrival.link().send(text)) {
      closing = true;
      arrival.link().close(POLICY, "reads too slowly");
    }
  }
}
