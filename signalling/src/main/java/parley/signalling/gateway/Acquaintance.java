package parley.signalling.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * Knows who is at a socket, and hands on what the chat server tells him. Owned by the socket's
 * event loop.
 */
final class Acquaintance {

  private static final Logger log = LoggerFactory.getLogger(Acquaintance.class);

  /** What is told before it is known to whom: a roster and some changes. */
  private static final int MOST_EARLY = 64;

  private static final int MAX_EARLY_BYTES = 8 << 20;

  /** A chat that is not known is asked for, but not for every event of a client gone wild. */
  private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int POLICY = 1008;
  private static final int TRY_LATER = 1013;

  private final Gateway gateway;
  private final Context context;
  private final Visitor visitor;
  private final CallSide calls;
  private final CallSide.Outlet socket;
  private final List<MessageLane.Out.Copy> early = new ArrayList<>();
  private int earlyBytes;
  private Introductions.@Nullable Introduced introduced;
  private @Nullable Jid here;
  private boolean isHere; // counted by the directory as one who is told things
  private boolean isKept; // … as one who waits for the chat server
  private boolean isOver;
  private boolean isSentAway;
  private boolean asking;
  private boolean asked; // whether listsAskedNs is a time
  private long introducedNs;
  private long listsAskedNs;

  Acquaintance(
      Gateway gateway, Context context, Visitor visitor, CallSide calls, CallSide.Outlet socket) {
    this.gateway = gateway;
    this.context = context;
    this.visitor = visitor;
    this.calls = calls;
    this.socket = socket;
  }

  /** Asks the chat server who it is. */
  void introduce() {
    letGo(); // what was known is old
    TeamId team = visitor.team();
    if (team == null || visitor.credentials().isEmpty()) {
      strange();
      return;
    }
    introducedNs = System.nanoTime();
    gateway
        .introductions()
        .introduce(team, visitor.credentials())
        .onComplete(
            result ->
                context.runOnContext(
                    v -> {
                      if (result.failed()) {
                        log.info(
                            "{}: not introduced: {}",
                            visitor.shortForm(),
                            result.cause().toString());
                        onSilence(team);
                      } else if (result.result() == null) {
                        onStranger(team);
                      } else {
                        onIntroduced(team, result.result());
                      }
                    }));
  }

  private void onIntroduced(TeamId team, Introductions.Introduced who) {
    Jid jid = who.jid();
    if (!isSentAway) { // else the answer was under way when he was
      gateway.remember(team, visitor, who);
    }
    if (isOver) {
      calls.untilTaken(() -> gateway.teams().left(team, jid));
      return;
    }
    isHere = true;
    here = jid;
    introduced = isSentAway ? null : who;
    Jid before = calls.user();
    if (before == null) {
      open(team, jid);
    } else if (!before.equals(jid)) {
      socket.shut(POLICY, "the chat server knows somebody else by this token");
    }
  }

  /** It takes sockets, but does not say whose: those whom it knew before stay who they were. */
  private void onSilence(TeamId team) {
    KnownPeople.Known known = gateway.known(team, visitor.credentials());
    if (known != null && !isOver && !isSentAway) {
      openKnown(team, known.jid());
    } else {
      strange();
    }
  }

  private void onStranger(TeamId team) {
    gateway.forget(team, visitor);
    if (calls.user() == null) {
      strange();
    } else {
      socket.shut(POLICY, "the chat server does not know this token any more");
    }
  }

  private void strange() {
    calls.strange();
    early.clear();
    earlyBytes = 0;
  }

  /** The chat server is away; this is as whom it knew him before. */
  void openKnown(TeamId team, Jid jid) {
    if (gateway.teams().keep(team, jid)) {
      isKept = true;
      here = jid;
      open(team, jid);
    } else {
      strange();
    }
  }

  private void open(TeamId team, Jid jid) {
    Team known = gateway.teams().team(team);
    if (known == null || known.contact(jid) == null) {
      strange();
      return;
    }
    calls.open(known, jid);
    List<MessageLane.Out.Copy> told = List.copyOf(early);
    early.clear();
    earlyBytes = 0;
    told.forEach(this::onTold);
  }

  // --- what he is told

  /** An event that passed on its way to him. */
  void onTold(MessageLane.Out.Copy event) {
    TeamId team = visitor.team();
    Jid user = calls.user();
    if (team == null || calls.isStrange()) {
      return;
    }
    boolean taken;
    if (user != null) {
      taken = gateway.teams().passed(team, user, event.event(), event.utf8());
    } else {
      earlyBytes += event.utf8().length;
      taken = early.size() < MOST_EARLY && earlyBytes <= MAX_EARLY_BYTES;
      if (taken) {
        early.add(event);
      }
    }
    if (!taken) {
      // Whoever was taken out of a chat must not stay in its calls: all is asked anew.
      socket.shut(TRY_LATER, "the server is too busy");
    }
  }

  /** The chat server sends him away for good. */
  void sentAway() {
    TeamId team = visitor.team();
    isSentAway = true;
    introduced = null;
    if (team != null) {
      gateway.forget(team, visitor);
    }
  }

  // --- what he means

  /** Whether his events have to wait for something that is asked for. */
  boolean isAsking() {
    return asking;
  }

  /**
   * He wants to call in this chat. What is not known may be new: the chat server need not have told
   * of it.
   */
  void means(Jid jid, long nowNs) {
    TeamId team = visitor.team();
    Jid user = calls.user();
    if (asking || team == null) {
      return;
    }
    if (user == null) {
      if (calls.isStrange() && nowNs - introducedNs > ASK_AGAIN_NS) {
        calls.askAgain();
        introduce();
      }
    } else if (!isKnown(team, user, jid)) {
      ask(team, user, jid, nowNs);
    }
  }

  private void ask(TeamId team, Jid user, Jid jid, long nowNs) {
    asking = true;
    gateway
        .introductions()
        .settled(team)
        .compose(
            v -> {
              // It may have been told a moment ago, and not yet learned.
              if (isKnown(team, user, jid) || (asked && nowNs - listsAskedNs < ASK_AGAIN_NS)) {
                return Future.<Void>succeededFuture();
              }
              asked = true;
              listsAskedNs = nowNs;
              Credentials credentials = visitor.credentials().forAsking().getFirst();
              return gateway.introductions().lists(team, user, credentials);
            })
        .onComplete(
            v ->
                context.runOnContext(
                    w -> {
                      asking = false;
                      calls.drain();
                    }));
  }

  private boolean isKnown(TeamId team, Jid user, Jid jid) {
    Team known = gateway.teams().team(team);
    return known != null && known.place(user, jid) != null;
  }

  // --- the end

  /** He is gone. */
  void over() {
    isOver = true;
    letGo();
  }

  private void letGo() {
    TeamId team = visitor.team();
    Jid user = here;
    Introductions.Introduced known = introduced;
    if (team == null || user == null) {
      return;
    }
    if (isHere) {
      isHere = false;
      if (known != null) {
        gateway.remember(team, visitor, known); // the chat server let him stay until now
      }
      calls.untilTaken(() -> gateway.teams().left(team, user));
    }
    if (isKept) {
      isKept = false;
      calls.untilTaken(() -> gateway.teams().keepNoMore(team, user));
    }
  }
}
