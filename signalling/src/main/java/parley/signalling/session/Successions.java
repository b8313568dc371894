package parley.signalling.session;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.call.Call;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallPlace;
import parley.signalling.call.Person;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.Leases;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeStatus;
import parley.signalling.directory.Chat;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;

/**
 * Goes on with calls whose owner is dead, or hands them over. Each living node knows each call as
 * its owner told it last; all agree without a word on who is first to take which call, and the
 * store lets only one. Owned by the {@link CallLoop}.
 */
final class Successions {

  private static final Logger log = LoggerFactory.getLogger(Successions.class);

  /** Who was to take it may be gone as well, or may not know the call. */
  private static final long NEXT_NS = TimeUnit.SECONDS.toNanos(1);

  /** After so long nobody waits for the call any more. */
  private static final int MAX_TRIES = 20;

  private static final class Orphan {
    final FarCalls.FarCall call;
    int tries;

    Orphan(FarCalls.FarCall call) {
      this.call = call;
    }
  }

  private final Cluster cluster;
  private final Membership members;
  private final FarCalls far;
  private final Calls calls;
  private final Claims claims;
  private final KnownTeams teams;
  private final Presence presence;
  private final Floor floor;
  private final SessionSettings settings;
  private final Predicate<SessionId> isConnected;
  private final InstantSource clock;
  private final Moment moment;
  private final Map<CallKey, Orphan> orphans = new HashMap<>();
  private final Deadlines<CallKey> due = new Deadlines<>();

  Successions(
      Cluster cluster,
      Membership members,
      FarCalls far,
      Calls calls,
      Claims claims,
      KnownTeams teams,
      Presence presence,
      Floor floor,
      SessionSettings settings,
      Predicate<SessionId> isConnected,
      InstantSource clock,
      Moment moment) {
    this.cluster = cluster;
    this.members = members;
    this.far = far;
    this.calls = calls;
    this.claims = claims;
    this.teams = teams;
    this.presence = presence;
    this.floor = floor;
    this.settings = settings;
    this.isConnected = isConnected;
    this.clock = clock;
    this.moment = moment;
  }

  /** The owner of these is dead. */
  void died(List<FarCalls.FarCall> left) {
    for (FarCalls.FarCall each : left) {
      if (each.call() == null) {
        far.remove(each.place(), each.uid()); // nobody was in it yet
        claims.known(each.place());
        continue;
      }
      orphans.put(each.place(), new Orphan(each));
      due.set(each.place(), moment.nowNs() + rank(each.uid()) * NEXT_NS);
    }
  }

  /** How many others come before this node; the order is another one for each call. */
  private int rank(CallId uid) {
    List<NodeId> order = new ArrayList<>();
    for (NodeStatus each : members.living()) {
      if (each.takesCalls()) {
        order.add(each.id());
      }
    }
    order.sort(
        Comparator.<NodeId>comparingInt(node -> mixed(uid.value() + node.value()))
            .thenComparing(Function.identity()));
    int rank = order.indexOf(members.self());
    return rank < 0 ? order.size() : rank;
  }

  /** Text that differs in little hashes to little difference (Steele et al., SplitMix). */
  private static int mixed(String text) {
    long z = text.hashCode() * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    return (int) ((z ^ (z >>> 27)) >>> 16);
  }

  void onTime() {
    long nowNs = moment.nowNs();
    for (CallKey place = due.pollDue(nowNs); place != null; place = due.pollDue(nowNs)) {
      Orphan orphan = orphans.get(place);
      if (orphan != null) {
        take(place, orphan);
      }
    }
  }

  long nextNs() {
    return due.nextNs();
  }

  private void take(CallKey place, Orphan orphan) {
    FarCalls.FarCall known = far.at(place);
    boolean isSettled = known == null || members.lives(known.owner()) || calls.at(place) != null;
    CallHandover call = orphan.call.call();
    if (isSettled || call == null || ++orphan.tries > MAX_TRIES) {
      orphans.remove(place);
      if (known != null && !isSettled) {
        far.remove(place, known.uid());
        presence.changed(place.team(), moment.nowNs()); // nobody goes on with it
      }
      claims.known(place);
      return;
    }
    due.set(place, moment.nowNs() + NEXT_NS * (members.living().size() + 1));
    if (cluster.relay()) {
      take(call, orphan.call.revision(), revision -> {});
    }
  }

  /**
   * Goes on with a call.
   *
   * @param revision of the claim that the owner before had
   * @param then given the new claim; null when there is none
   */
  private void take(CallHandover call, long revision, Consumer<@Nullable Long> then) {
    CallKey key = call.place();
    teams.with(
        key.team(),
        team -> {
          CallPlace place = team == null ? null : place(team, key);
          if (team == null || place == null) {
            log.warn("call {} cannot go on: its chat is gone", call.uid().shortForm());
            then.accept(null);
            return;
          }
          Leases leases = cluster.bus().leases();
          String value = claims.owner(call.uid());
          CompletableFuture<Long> claim =
              revision == 0
                  ? leases.create(CallClaim.key(key), value)
                  : leases.update(CallClaim.key(key), value, revision);
          moment.then(
              claim,
              (mine, e) -> {
                if (mine == null) {
                  then.accept(null);
                } else if (mine == Leases.NOT_DONE) {
                  createIfForgotten(call, team, place, then);
                } else {
                  begin(call, team, place, mine);
                  then.accept(mine);
                }
              });
        });
  }

  /** Somebody else was faster, or the store keeps nothing over its own restart. */
  private void createIfForgotten(
      CallHandover call, Team team, CallPlace place, Consumer<@Nullable Long> then) {
    moment.then(
        cluster.bus().leases().create(CallClaim.key(call.place()), claims.owner(call.uid())),
        (mine, e) -> {
          if (mine == null || mine == Leases.NOT_DONE) {
            then.accept(null);
          } else {
            begin(call, team, place, mine);
            then.accept(mine);
          }
        });
  }

  private void begin(CallHandover before, Team team, CallPlace place, long revision) {
    CallKey key = before.place();
    orphans.remove(key);
    due.remove(key);
    claims.hold(key, before.uid(), revision);
    var seats =
        before.seats().stream().map(seat -> seat.lostUnless(isConnected.test(seat.session())));
    Call call =
        Call.takeOver(
            before.withSeats(seats.toList()),
            place,
            settings.callsAt(team, place),
            jid -> person(team, jid),
            clock.instant(),
            moment.nowNs());
    log.info("call {} goes on here", call.uid().shortForm());
    floor.adopt(call);
    claims.known(key);
  }

  private static @Nullable Person person(Team team, Jid jid) {
    Contact contact = team.contact(jid);
    return contact == null ? null : contact.person();
  }

  private static @Nullable CallPlace place(Team team, CallKey key) {
    Jid other = key.other();
    if (other != null) {
      return team.place(key.one(), other);
    }
    Chat chat = team.chat(key.one());
    return chat == null || chat.members().isEmpty()
        ? null
        : team.place(chat.members().getFirst(), key.one());
  }

  /** Another node hands a call over. */
  void handedOver(CallHandover call, long revision, Consumer<@Nullable Long> then) {
    if (calls.at(call.place()) != null) {
      then.accept(null);
    } else {
      take(call, revision, then);
    }
  }
}
