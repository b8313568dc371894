package parley.signalling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import parley.signalling.call.Call;
import parley.signalling.call.SessionId;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.OnlineContact;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * Tells everyone in a team who is online and which calls run: soon after a change, changes of a
 * short while merged, and at least once a minute. Owned by the {@link CallLoop}.
 */
final class Presence {

  /** A reload of a page is one change, not two. */
  static final long MERGE_NS = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * What is sent is each contact to each socket, some 70 bytes: a team of a thousand people hears
   * of changes every five seconds, which is 14 MB a second for all of it.
   */
  static final long MERGE_PER_LINE_NS = TimeUnit.MICROSECONDS.toNanos(5);

  /** People wait for no change longer than this, however large the team. */
  static final long MERGE_AT_MOST_NS = TimeUnit.SECONDS.toNanos(30);

  static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(55);

  private final Sessions sessions;
  private final Calls calls;
  private final FarSessions far;
  private final FarCalls farCalls;
  private final EventCodec codec;
  private final Deadlines<TeamId> changed = new Deadlines<>();
  private final Deadlines<TeamId> refresh = new Deadlines<>();

  Presence(Sessions sessions, Calls calls, FarSessions far, FarCalls farCalls, EventCodec codec) {
    this.sessions = sessions;
    this.calls = calls;
    this.far = far;
    this.farCalls = farCalls;
    this.codec = codec;
  }

  void changed(TeamId team, long nowNs) {
    if (changed.isSet(team)) {
      return; // everyone is told soon
    }
    long contacts = sessions.contacts(team).size() + far.contacts(team).size();
    long lines = contacts * sessions.size(team);
    changed.set(team, nowNs + Math.min(MERGE_AT_MOST_NS, MERGE_NS + lines * MERGE_PER_LINE_NS));
  }

  /** Tells one session, whatever it knows already. */
  void greet(ClientSession session, long nowNs) {
    if (session.reach() == Reach.CALLS) {
      session.tellCalls(callsSeenBy(session));
      return; // its chat server refreshes what we say here
    }
    List<OnlineContact> contacts = contacts(session.team().uid());
    session.sendOnline(codec.encode(online(contacts, session)), true);
    if (!refresh.isSet(session.team().uid())) {
      refresh.set(session.team().uid(), nowNs + REFRESH_NS);
    }
  }

  void onTime(long nowNs) {
    for (TeamId team = changed.pollDue(nowNs); team != null; team = changed.pollDue(nowNs)) {
      tell(team, false);
    }
    for (TeamId team = refresh.pollDue(nowNs); team != null; team = refresh.pollDue(nowNs)) {
      if (!sessions.contacts(team).isEmpty()) {
        tell(team, true);
        refresh.set(team, nowNs + REFRESH_NS);
      }
    }
  }

  long nextNs() {
    return Math.min(changed.nextNs(), refresh.nextNs());
  }

  private void tell(TeamId team, boolean evenIfSame) {
    List<OnlineContact> contacts = contacts(team);
    // Most people of a team see the same calls: what they get is encoded once.
    Map<List<OnlineCall>, String> encoded = new HashMap<>();
    for (Map<SessionId, ClientSession> devices : sessions.contacts(team).values()) {
      for (ClientSession session : devices.values()) {
        if (session.reach() == Reach.CALLS) {
          session.tellCalls(callsSeenBy(session));
          continue;
        }
        ServerEvent.Online online = online(contacts, session);
        String text = encoded.computeIfAbsent(online.calls(), c -> codec.encode(online));
        session.sendOnline(text, evenIfSame);
      }
    }
  }

  private ServerEvent.Online online(List<OnlineContact> contacts, ClientSession viewer) {
    return new ServerEvent.Online(contacts, callsSeenBy(viewer));
  }

  private List<OnlineCall> callsSeenBy(ClientSession viewer) {
    List<OnlineCall> seen = new ArrayList<>();
    for (Call call : calls.of(viewer.team().uid(), viewer.contact())) {
      seen.add(call.seenBy(viewer.contact()));
    }
    seen.addAll(farCalls.seenBy(viewer.team(), viewer.contact()));
    return seen;
  }

  /** Away only when away on every device; mobile only when on no other. */
  private List<OnlineContact> contacts(TeamId team) {
    var here = sessions.contacts(team);
    var elsewhere = far.contacts(team);
    SequencedSet<Jid> all = new LinkedHashSet<>(here.keySet());
    all.addAll(elsewhere.keySet());
    List<OnlineContact> online = new ArrayList<>();
    for (Jid contact : all) {
      boolean afk = true;
      boolean mobile = true;
      for (ClientSession session : here.getOrDefault(contact, Map.of()).values()) {
        afk &= session.afk();
        mobile &= session.mobile();
      }
      for (FarSessions.Far session : elsewhere.getOrDefault(contact, Map.of()).values()) {
        afk &= session.opened().afk();
        mobile &= session.opened().mobile();
      }
      online.add(new OnlineContact(contact, afk, mobile));
    }
    return online;
  }
}
