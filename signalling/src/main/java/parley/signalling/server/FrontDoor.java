package parley.signalling.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Stands before everything else on the port, and answers what it takes. On the event loops. */
public interface FrontDoor {

  /** What a chat server's clients send is not ours to limit: some have cookies of several KB. */
  int MAX_HEADER_BYTES = 64 << 10;

  int MAX_LINE_BYTES = 16 << 10;

  /**
   * Long polls, and answers that take their time; who stands before the chat server waits longer.
   */
  int IDLE_TIMEOUT_S = 300;

  /** Whether it answers this; else it is answered here. */
  boolean takes(HttpServerRequest request);

  void onRequest(HttpServerRequest request);

  /**
   * Who sends a request that it does not take.
   *
   * @return may complete on another thread, and never fails
   */
  CompletableFuture<Sender> sender(HttpServerRequest request, TeamId team);

  /** Whom it takes somebody for. */
  sealed interface Sender {
    record Known(Jid jid) implements Sender {}

    record Unknown() implements Sender {}

    /** A browser says who it is, but the page that asks may not act for him. */
    record Foreign() implements Sender {}

    /** Nobody can say at the moment. */
    record Undecided() implements Sender {}
  }

  /** Lets its clients go. */
  void close();

  /** Makes it, when there is something that it can run on. */
  @FunctionalInterface
  interface Maker {
    /**
     * @param features what we would tell a client of the installation, who has signed in or has not
     */
    FrontDoor make(Vertx vertx, BiFunction<HttpServerRequest, Boolean, ObjectNode> features);
  }
}
