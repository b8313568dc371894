package parley.signalling.servers;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.signalling.audit.AccessLog;
import parley.signalling.oidc.OidcProvider;

/**
 * What the HTTP API for servers is made of.
 *
 * @param tokens of those who may use it; none: there is no such API
 * @param accesses where is written down what they do with recordings
 * @param examination of this node
 * @param watch how this node is
 * @param ending how it is ended
 * @param provider by which operators sign in besides tokens; null: by none
 * @param doors beside these
 */
public record Services(
    ServiceTokens tokens,
    AccessLog accesses,
    Examination examination,
    Watch watch,
    Ending ending,
    @Nullable OidcProvider provider,
    List<Door> doors) {

  /** Further addresses under {@code /parley/v1}, which look themselves who may ask. */
  @FunctionalInterface
  public interface Door {
    /**
     * @param from the address a request comes from, for what is written down
     * @param ours whether a page's origin is this server, as the request reached it
     */
    void mount(
        Router router,
        Function<HttpServerRequest, String> from,
        BiPredicate<HttpServerRequest, String> ours);
  }

  public Services {
    doors = List.copyOf(doors);
  }

  /** Of a node that nobody watches, without further doors. */
  public Services(ServiceTokens tokens, AccessLog accesses, Examination examination) {
    this(tokens, accesses, examination, List.of());
  }

  /** Of a node that nobody watches. */
  public Services(
      ServiceTokens tokens, AccessLog accesses, Examination examination, List<Door> doors) {
    this(tokens, accesses, examination, Watch.none(), Ending.none(), null, doors);
  }

  /** The same, where operators sign in with this provider, too. */
  public Services with(OidcProvider another) {
    return new Services(tokens, accesses, examination, watch, ending, another, doors);
  }

  /** No API. */
  public static Services none() {
    return new Services(new ServiceTokens(List.of()), access -> {}, new Examination(List::of));
  }

  public boolean isEmpty() {
    return tokens.isEmpty();
  }
}
