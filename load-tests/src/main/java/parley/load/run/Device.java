package parley.load.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import parley.load.server.EventSocket;

/**
 * One signed-in person's device, which does one thing at a time. What the server says of its own
 * accord waits in a bounded inbox until somebody asks for it.
 */
final class Device implements EventSocket.Hearing, AutoCloseable {

  static final String ANSWER = "server.call.answer";
  static final String BUZZ = "server.call.buzz";
  static final String BUZZ_CANCEL = "server.call.buzzcancel";
  static final String LEAVE = "server.call.leave";
  static final String REJECT = "server.call.reject";
  static final String RESTART = "server.call.restart";
  private static final String WARNING = "server.warning";
  private static final String PANIC = "server.panic";
  private static final Set<String> WANTED =
      Set.of(ANSWER, BUZZ, BUZZ_CANCEL, LEAVE, REJECT, RESTART, WARNING, PANIC);

  /** Events of one call; what nobody asks for any more goes first. */
  private static final int INBOX = 64;

  /** Longer than any of this takes on a server that is not lost. */
  static final int PATIENCE_S = 20;

  private record Event(String name, JsonNode params, long atNs) {}

  private final HttpClient http;
  private final String url;
  private final Member member;
  private final Ledger ledger;
  private final Deque<Event> inbox = new ArrayDeque<>();
  private @Nullable EventSocket socket;
  private @Nullable String lost;
  private boolean closing;

  /**
   * @param url {@code http://host:port} without a slash at the end
   */
  Device(HttpClient http, String url, Member member, Ledger ledger) {
    this.http = http;
    this.url = url;
    this.member = member;
    this.ledger = ledger;
  }

  Member member() {
    return member;
  }

  /** Signs in; returns when the server has let it in. */
  void connect() throws Failure, InterruptedException {
    CompletableFuture<EventSocket> opening =
        EventSocket.connect(http, url, member.team(), member.token(), this);
    try {
      EventSocket open = opening.get(PATIENCE_S, TimeUnit.SECONDS);
      synchronized (this) {
        socket = open;
        lost = null;
      }
    } catch (ExecutionException e) {
      throw new Failure("signing in: the socket was refused");
    } catch (TimeoutException e) {
      throw new Failure("signing in: no answer in " + PATIENCE_S + " s");
    }
  }

  synchronized boolean isOpen() {
    return socket != null && lost == null;
  }

  /** Before a call: what is left from those before counts no more, and a lost socket is renewed. */
  void prepare() throws Failure, InterruptedException {
    if (!isOpen()) {
      connect();
    }
    synchronized (this) {
      inbox.clear();
    }
  }

  void offer(String chat, String sdp) {
    say("client.call.offer", about(chat).put("muted", false).put("trickle", false).put("sdp", sdp));
  }

  void leave(String chat) {
    say("client.call.leave", about(chat));
  }

  void reject(String chat) {
    say("client.call.reject", about(chat).put("reason", "busy"));
  }

  void cancel(String chat) {
    say("client.call.buzzcancel", about(chat));
  }

  private static ObjectNode about(String chat) {
    return EventSocket.params().put("jid", chat);
  }

  private void say(String event, ObjectNode params) {
    EventSocket to;
    synchronized (this) {
      to = socket;
    }
    if (to != null) {
      to.send(event, params);
    }
  }

  /** Whether this event of this chat has come; it stays. */
  synchronized boolean has(String name, String chat) {
    return inbox.stream().anyMatch(event -> isAbout(event, name, chat));
  }

  /**
   * Waits for an event of a chat, and takes it out.
   *
   * @throws Failure when it does not come, the server warns of something, or the socket is lost
   */
  JsonNode await(String name, String chat) throws Failure, InterruptedException {
    return take(name, chat).params();
  }

  /** The same; returns when it came, as {@link System#nanoTime}. */
  long awaitNs(String name, String chat) throws Failure, InterruptedException {
    return take(name, chat).atNs();
  }

  private synchronized Event take(String name, String chat) throws Failure, InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (true) {
      Event found = null;
      for (Event event : inbox) {
        if (event.name().equals(WARNING) || isAbout(event, name, chat)) {
          found = event;
          break;
        }
      }
      if (found != null) {
        inbox.remove(found);
        if (found.name().equals(WARNING)) {
          throw new Failure("server.warning: " + found.params().path("message").asText());
        }
        return found;
      }
      if (lost != null) {
        throw new Failure(lost);
      }
      long leftMs = (endNs - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        throw new Failure("no " + name + " in " + PATIENCE_S + " s");
      }
      wait(leftMs);
    }
  }

  private static boolean isAbout(Event event, String name, String chat) {
    return event.name().equals(name) && event.params().path("jid").asText().equals(chat);
  }

  @Override
  public Set<String> wanted() {
    return WANTED;
  }

  @Override
  public synchronized void onEvent(String name, JsonNode params) {
    if (name.equals(PANIC)) {
      ledger.error("server.panic: " + params.path("code").asText());
    }
    if (inbox.size() == INBOX) {
      inbox.removeFirst();
    }
    inbox.addLast(new Event(name, params, System.nanoTime()));
    notifyAll();
  }

  @Override
  public synchronized void onClosed(String why) {
    if (!closing && lost == null) {
      lost = "the socket was closed: " + why;
      ledger.error(lost);
    }
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closing = true;
    if (socket != null) {
      socket.close();
    }
    lost = "the socket is closed";
    notifyAll();
  }
}
