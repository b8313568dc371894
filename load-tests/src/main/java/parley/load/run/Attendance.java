package parley.load.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.SocketException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.server.ClientOffer;

/** One device in one call: joins it, offers again, and leaves. One thread at a time. */
final class Attendance {

  private final Stage stage;
  private final Device device;
  private final String chat;
  private final int call;
  private final boolean talks;
  private final int network;
  private @Nullable Leg leg;
  private boolean counted;
  private @Nullable Failure failure;

  /**
   * @param chat as the device sees it
   * @param call by which its voices are known
   */
  Attendance(Stage stage, Device device, String chat, int call, boolean talks) {
    this.stage = stage;
    this.device = device;
    this.chat = chat;
    this.call = call;
    this.talks = talks;
    this.network = stage.networkOf(device.member());
  }

  Device device() {
    return device;
  }

  String chat() {
    return chat;
  }

  boolean talks() {
    return talks;
  }

  /**
   * Offers; what follows is {@link #connect}. Returns when that was, as {@link System#nanoTime}.
   */
  long offer() throws Failure {
    try {
      leg = stage.swarm().newLeg();
    } catch (SocketException e) {
      throw new Failure("this machine has no socket left for a client");
    }
    long beganNs = System.nanoTime();
    device.offer(chat, ClientOffer.sdp(leg, stage.voices()));
    return beganNs;
  }

  /** Takes the answer and connects; the set-up time is counted, or that it failed. */
  void connect(long beganNs) throws Failure, InterruptedException {
    Leg own = leg();
    try {
      RemoteEnd end = answer();
      try {
        own.connect(end).get(Device.PATIENCE_S, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new Failure("DTLS failed");
      } catch (TimeoutException e) {
        throw new Failure(
            own.isReached()
                ? "DTLS did not finish in " + Device.PATIENCE_S + " s"
                : "no answer to ICE checks in " + Device.PATIENCE_S + " s");
      }
      stage.ledger().joined(System.nanoTime() - beganNs);
      stage.chatter().enter(own, call, talks);
      stage.people().incrementAndGet();
      counted = true;
    } catch (Failure e) {
      failure = e;
      stage.ledger().failed(e.why());
      drop();
      throw e;
    }
  }

  /** New ICE credentials, as after a change of network; the media goes on meanwhile. */
  void restart() throws Failure, InterruptedException {
    Leg own = leg();
    own.renew();
    long beganNs = System.nanoTime();
    device.offer(chat, ClientOffer.sdp(own, stage.voices()));
    RemoteEnd end = answer();
    try {
      own.reconnect(end).get(Device.PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Failure("no answer to ICE checks after a restart");
    }
    stage.ledger().restarted(System.nanoTime() - beganNs);
  }

  /** Whether the server wants it out, or wants another offer. */
  boolean isPutOut() {
    return device.has(Device.LEAVE, chat) || device.has(Device.RESTART, chat) || !device.isOpen();
  }

  /** The cause by which that is counted. */
  String whyPutOut() {
    return device.has(Device.RESTART, chat)
        ? "server.call.restart: the server lost the call"
        : device.has(Device.LEAVE, chat)
            ? "server.call.leave: put out by the server"
            : "put out: the socket is lost";
  }

  /** Why the join came to nothing, which is counted already; null: it did not. */
  @Nullable Failure failure() {
    return failure;
  }

  /** Leaves, and waits for the server to say so. */
  void leave() throws Failure, InterruptedException {
    device.leave(chat);
    drop();
    JsonNode _ = device.await(Device.LEAVE, chat);
  }

  /** Is gone without a word, or with one that nobody waits for. */
  void drop() {
    Leg own = leg;
    if (own != null) {
      leg = null;
      if (counted) {
        counted = false;
        stage.people().decrementAndGet();
      }
      stage.chatter().leave(own);
      stage.networks().forget(network, own);
      own.close();
    }
  }

  /** Whether it is in with its media. */
  boolean isIn() {
    return leg != null;
  }

  private RemoteEnd answer() throws Failure, InterruptedException {
    String sdp = device.await(Device.ANSWER, chat).path("jsep").path("sdp").asText();
    try {
      return stage.networks().through(network, RemoteEnd.of(sdp));
    } catch (IllegalArgumentException e) {
      throw new Failure("the answer cannot be used: " + e.getMessage());
    }
  }

  private Leg leg() {
    Leg own = leg;
    if (own == null) {
      throw new IllegalStateException("no offer before");
    }
    return own;
  }
}
