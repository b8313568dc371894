package parley.signalling.link;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.directory.Teams;
import parley.signalling.link.LinkMessage.Closed;
import parley.signalling.link.LinkMessage.Event;
import parley.signalling.link.LinkMessage.Invalid;
import parley.signalling.link.LinkMessage.Numbered;
import parley.signalling.link.LinkMessage.Opened;
import parley.signalling.link.LinkSettings.ChatServer;
import parley.signalling.session.Arrival;
import parley.signalling.session.Reach;

/** The sockets that a chat server keeps, by the names it gives them. On the links' thread only. */
final class LinkSessions {

  private static final Logger log = LoggerFactory.getLogger(LinkSessions.class);

  /** Sockets of one process; more need several. */
  static final int MOST = 100_000;

  /** When nobody can say what a team is, and when there is too much to do. */
  private static final long TRY_AGAIN_MS = 1_000;

  private final ChatLink link;
  private final ChatServer chatServer;
  private final String base;
  private final boolean forgotten;
  private final LinkSurroundings around;
  private final Map<String, LinkSession> byName = new HashMap<>();

  /**
   * @param base where clients find icons
   * @param forgotten whether this process does not know of calls that are said to run
   */
  LinkSessions(
      ChatLink link,
      ChatServer chatServer,
      String base,
      boolean forgotten,
      LinkSurroundings around) {
    this.link = link;
    this.chatServer = chatServer;
    this.base = base;
    this.forgotten = forgotten;
    this.around = around;
  }

  int size() {
    return byName.size();
  }

  void on(Numbered message, long nowNs) {
    switch (message) {
      case Opened opened -> onOpened(opened, nowNs);
      case Event event -> {
        LinkSession session = byName.get(event.session());
        if (session == null) {
          refuse(event.session(), Refusal.NO_SESSION, "no such session was announced");
        } else {
          session.onFrame(event.frame(), nowNs);
        }
      }
      case Closed closed -> remove(byName.get(closed.session()));
      case Invalid invalid -> refuse(invalid.session(), Refusal.INVALID_DATA, invalid.why());
    }
  }

  /** A session is not served any more; the chat server is told. */
  void dismiss(LinkSession session, Refusal why, String message) {
    if (!session.isOver()) {
      log.info("session {} is let go: {}", session.id().shortForm(), message);
      remove(session);
      refuse(session.name(), why, message);
    }
  }

  /** The link is over, and all its sessions with it. */
  void end() {
    List.copyOf(byName.values()).forEach(this::remove);
  }

  private void onOpened(Opened opened, long nowNs) {
    remove(byName.get(opened.session())); // announced again: it is another socket
    if (!chatServer.speaksFor(opened.team())) {
      refuse(opened.session(), Refusal.ACCESS_DENIED, "this token does not speak for that team");
      return;
    }
    if (byName.size() >= MOST) {
      refuse(opened.session(), Refusal.BUSY, "at most " + MOST + " sessions on one link");
      return;
    }
    var id = new SessionId(UUID.randomUUID().toString());
    var session = new LinkSession(link, opened, id, around, nowNs);
    byName.put(session.name(), session);
    lookUp(session);
  }

  private void lookUp(LinkSession session) {
    if (session.isOver()) {
      return;
    }
    around
        .teams()
        .find(session.announced().team())
        .whenComplete(
            (found, failure) ->
                around.thread().run(() -> onFound(session, failure == null ? found : null)));
  }

  /**
   * @param found null: nobody can say at the moment
   */
  private void onFound(LinkSession session, Teams.@Nullable Found found) {
    if (session.isOver()) {
      return;
    }
    switch (found) {
      case Teams.TheTeam known -> onTeam(session, known.team());
      case Teams.NoTeam none -> notFound(session);
      case null -> around.thread().after(TRY_AGAIN_MS, () -> lookUp(session));
    }
  }

  private void onTeam(LinkSession session, Team team) {
    Opened announced = session.announced();
    if (team.contact(announced.contact()) == null) {
      notFound(session);
      return;
    }
    var device = new Device(session.id(), announced.useragent(), announced.device());
    var arrival = new Arrival(team, announced.contact(), device, base, session, Reach.CALLS);
    if (!around.calls().opened(arrival)) {
      around.thread().after(TRY_AGAIN_MS, () -> lookUp(session));
      return;
    }
    for (HeldCall held : announced.calls()) {
      around.calls().stillIn(session.id(), held.jid(), held.uid(), forgotten);
    }
    session.opened(around.teams().watch(team.uid()));
  }

  /** The same words whichever it is: a token of one team learns nothing of another. */
  private void notFound(LinkSession session) {
    dismiss(session, Refusal.NOT_FOUND, "the directory has no such team, or no such contact in it");
  }

  private void remove(@Nullable LinkSession session) {
    if (session != null) {
      byName.remove(session.name(), session);
      if (session.end()) {
        tellClosed(session.id());
      }
    }
  }

  /** Until it is taken: a session that is never closed would be shown online for ever. */
  private void tellClosed(SessionId id) {
    if (!around.calls().closed(id)) {
      around.thread().after(TRY_AGAIN_MS, () -> tellClosed(id));
    }
  }

  private void refuse(String session, Refusal why, String message) {
    around.counters().count(why.name().toLowerCase(Locale.ROOT));
    link.refuse(session, why, message);
  }
}
