package parley.signalling.recordings;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.pages.PageSessions;
import parley.signalling.server.ClientAddress;

/** Signing in on a page, and out. */
final class Sessions {

  private final Admission admission;

  Sessions(Admission admission) {
    this.admission = admission;
  }

  /**
   * Who has signed in, for his page.
   *
   * @param csrf to be sent along with whatever changes something
   */
  record SessionBody(
      String name,
      List<String> rights,
      List<String> teams,
      String why,
      String csrf,
      String expires) {
    static SessionBody of(PageSessions.Session<SignedIn> session) {
      Visitor visitor = session.who().visitor();
      return new SessionBody(
          visitor.name(),
          visitor.words(),
          List.copyOf(new TreeSet<>(visitor.teams())),
          session.who().why(),
          session.csrf(),
          session.expires().truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }

  Reply begin(HttpServerRequest request, byte[] body, String from, AccessLog accesses)
      throws Refusal {
    admission.checkPage(request);
    var wish =
        new Asked(
            nobody(), request, MultiMap.caseInsensitiveMultiMap(), "", "", Asked.body(body), from);
    wish.only("token", "why");
    String why = wish.text("why", Access.MAX_REASON);
    Visitor visitor = admission.byToken(wish.text("token", Visitors.MAX_CHARS), from);
    Access access = Access.allowed(visitor.who(), "recordings.sign_in", "", why, from);
    try {
      if (!visitor.person()) {
        var refusal = new Refusal(Refusal.Code.MISSING_SCOPE, "a server does not sign in");
        accesses.write(access.refused(refusal.detail));
        return Reply.refused(refusal);
      }
      accesses.write(access);
    } catch (IOException e) {
      String sentence = "it cannot be written into the audit log; the log says why";
      return Reply.refused(new Refusal(Refusal.Code.NOT_AUDITED, sentence, e));
    }
    PageSessions.Begun<SignedIn> begun = admission.sessions().begin(new SignedIn(visitor, why));
    return Reply.json(201, SessionBody.of(begun.session()))
        .with("set-cookie", setCookie(request, begun.cookie()));
  }

  private static Admission.Guest nobody() {
    var visitor = new Visitor("nobody", "", Set.of(), Set.of(), false);
    return new Admission.Guest(visitor, null, null);
  }

  private String setCookie(HttpServerRequest request, @Nullable String value) {
    boolean secure = ClientAddress.of(request).scheme().equals("https");
    return admission.sessions().setCookie(value, RecordingsDoor.ROOT, secure);
  }

  Reply look(Asked asked) throws Refusal {
    return Reply.json(200, SessionBody.of(session(asked.guest().session())));
  }

  Reply reason(Asked asked) throws Refusal {
    asked.only("why");
    String cookie = asked.guest().cookie();
    String why = asked.text("why", Access.MAX_REASON);
    SignedIn other = new SignedIn(asked.guest().visitor(), why);
    return Reply.json(
        200,
        SessionBody.of(
            session(cookie == null ? null : admission.sessions().change(cookie, other))));
  }

  Reply end(Asked asked) {
    String cookie = asked.guest().cookie();
    if (cookie != null) {
      admission.sessions().end(cookie);
    }
    return Reply.done().with("set-cookie", setCookie(asked.request(), null));
  }

  private static PageSessions.Session<SignedIn> session(
      PageSessions.@Nullable Session<SignedIn> session) throws Refusal {
    if (session == null) {
      throw new Refusal(Refusal.Code.UNAUTHORIZED, "this takes somebody who has signed in");
    }
    return session;
  }
}
