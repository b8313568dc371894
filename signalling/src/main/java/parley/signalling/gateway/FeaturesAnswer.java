package parley.signalling.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /features.json}: the chat server's, in which what concerns calls is ours. */
final class FeaturesAnswer {

  private static final Logger log = LoggerFactory.getLogger(FeaturesAnswer.class);

  /** Some hundred keys; more is not Features. */
  private static final int MAX_BYTES = 1 << 20;

  /** What of them is about calls. */
  private static final List<String> OURS =
      List.of(
          "calls",
          "mobile_calls",
          "calls_record",
          "allow_admin_mute",
          "only_one_device_per_call",
          "max_participants_per_call",
          "ice_servers");

  /** What would have the chat server answer with something that cannot be changed. */
  private static final List<String> CONDITIONS =
      List.of("If-None-Match", "If-Modified-Since", "If-Match", "If-Range", "Range");

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final ObjectMapper mapper = new ObjectMapper();
  private final Gateway gateway;
  private final BiFunction<HttpServerRequest, Boolean, ObjectNode> ours;
  private volatile @Nullable ObjectNode last;

  FeaturesAnswer(Gateway gateway, BiFunction<HttpServerRequest, Boolean, ObjectNode> ours) {
    this.gateway = gateway;
    this.ours = ours;
  }

  /** Credentials for TURN are told to those only who have signed in at the chat server. */
  void onRequest(HttpServerRequest request) {
    gateway
        .isSignedIn(Credentials.of(request.headers()))
        .onSuccess(signedIn -> ask(request, ours.apply(request, signedIn)));
  }

  private void ask(HttpServerRequest request, ObjectNode own) {
    gateway
        .upstream()
        .request(HttpMethod.GET, request.uri())
        .compose(
            to -> {
              MultiMap headers = Forwarding.request(request, gateway.settings().keepHost());
              CONDITIONS.forEach(headers::remove);
              headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
              headers.remove(HttpHeaders.CONTENT_LENGTH);
              to.headers().setAll(headers);
              to.exceptionHandler(e -> log.debug("to the chat server: {}", e.toString()));
              return to.send();
            })
        .compose(answer -> answer.body().map(body -> onAnswer(request, own, answer, body)))
        .onFailure(e -> onUnreachable(request, own));
  }

  private @Nullable Void onAnswer(
      HttpServerRequest request, ObjectNode own, HttpClientResponse answer, Buffer body) {
    if (Upstream.isAway(answer.statusCode())) {
      onUnreachable(request, own);
      return null;
    }
    ObjectNode theirs = answer.statusCode() == OK ? parse(body) : null;
    if (theirs != null) {
      last = theirs;
      send(request, own, answer, theirs);
    } else if (answer.statusCode() == NOT_FOUND) {
      json(request, own); // a chat server that tells its clients nothing
    } else {
      HttpServerResponse to = request.response();
      to.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
      Forwarding.endToEnd(answer.headers(), to.headers());
      to.end(body);
    }
    return null;
  }

  private @Nullable ObjectNode parse(Buffer body) {
    if (body.length() > MAX_BYTES) {
      return null;
    }
    try {
      JsonNode features = mapper.readTree(body.getBytes());
      if (features instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      log.debug("features.json of the chat server: {}", e.toString());
    }
    log.warn("features.json of the chat server is no JSON object: calls cannot be announced");
    return null;
  }

  private void send(
      HttpServerRequest request, ObjectNode own, HttpClientResponse answer, ObjectNode theirs) {
    MultiMap headers = request.response().headers();
    Forwarding.endToEnd(answer.headers(), headers);
    headers.remove(HttpHeaders.CONTENT_LENGTH).remove(HttpHeaders.ETAG);
    headers.remove(HttpHeaders.LAST_MODIFIED);
    request.response().end(Buffer.buffer(bytes(merged(own, theirs))));
  }

  private static ObjectNode merged(ObjectNode own, ObjectNode theirs) {
    ObjectNode features = theirs.deepCopy();
    for (String key : OURS) {
      JsonNode value = own.get(key);
      if (value == null) {
        features.remove(key);
      } else {
        features.set(key, value);
      }
    }
    return features;
  }

  private void onUnreachable(HttpServerRequest request, ObjectNode own) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    ObjectNode before = last;
    if (before == null) {
      HttpProxy.unavailable(request);
    } else {
      json(request, merged(own, before));
    }
  }

  private void json(HttpServerRequest request, ObjectNode features) {
    HttpProxy.json(request.response(), bytes(features));
  }

  private byte[] bytes(ObjectNode features) {
    try {
      return mapper.writeValueAsBytes(features);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
