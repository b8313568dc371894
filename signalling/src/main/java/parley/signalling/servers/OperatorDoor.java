package parley.signalling.servers;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.oidc.OidcProvider;
import parley.signalling.pages.Strangers;
import parley.signalling.wire.TeamId;

/**
 * {@code /operate/api/…}: what the operator's page asks for. Who asks is the matter of {@link
 * OperatorEntry}, what he sees that of {@link OperatorView}, what he does that of {@link
 * OperatorActs}.
 */
public final class OperatorDoor {

  static final String PAGE = "/operate/";
  static final String ROOT = "/operate/api";

  /** A token or a reason. */
  static final int MAX_BODY_BYTES = 8 << 10;

  /** The relay answers in milliseconds, or has lost the call. */
  static final long PATIENCE_S = 3;

  private static final String CALL = ROOT + "/teams/:team/calls/:uid";

  private final Replies replies = new Replies();
  private final OperatorEntry entry;
  private final @Nullable OperatorOidc oidc;
  private final OperatorView view;
  private final OperatorActs acts;

  /**
   * @param base scheme, host and port by which a request reached this server
   * @param from the address a request comes from, for what is written down
   */
  public OperatorDoor(
      Services services,
      CallAsker calls,
      Function<HttpServerRequest, String> base,
      Function<HttpServerRequest, String> from) {
    var strangers = new Strangers(services.accesses(), System::nanoTime);
    this.entry = new OperatorEntry(services, strangers, replies, base, from);
    OidcProvider provider = services.provider();
    this.oidc = provider == null ? null : new OperatorOidc(provider, entry, strangers, base, from);
    this.view = new OperatorView(services, calls, replies);
    this.acts = new OperatorActs(services, calls, replies, from);
  }

  public void mount(Router router) {
    Answer ways = replies.ok(new OperatorBody.Ways(oidc != null));
    router.get(ROOT + "/ways").handler(context -> replies.send(context, ways));
    if (oidc != null) {
      oidc.mount(router);
    }
    entry.mount(router);
    looks(router, ROOT + "/overview", view::overview);
    looks(router, ROOT + "/past", view::past);
    looks(router, ROOT + "/doctor", view::doctor);
    looks(router, CALL, view::look);
    acts(router, CALL + "/end", acts::end);
    acts(router, CALL + "/mute", acts::mute);
    acts(router, CALL + "/remove", acts::remove);
    acts(router, ROOT + "/drain", acts::drain);
  }

  private void looks(Router router, String path, Handler<RoutingContext> look) {
    router.get(path).handler(entry::admit).handler(look);
  }

  private void acts(Router router, String path, Handler<RoutingContext> act) {
    // A route of its own: no body is taken in for those who may not send one.
    router.post(path).handler(entry::admit).handler(entry::mayAct);
    router.post(path).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES)).handler(act);
  }

  static @Nullable TeamId team(RoutingContext context) {
    return TeamId.tryParse(context.pathParam("team"));
  }

  static CallId uid(RoutingContext context) {
    String uid = context.pathParam("uid");
    return new CallId(uid == null || uid.isBlank() ? "none" : uid);
  }
}
