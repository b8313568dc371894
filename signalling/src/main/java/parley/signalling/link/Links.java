package parley.signalling.link;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.link.LinkMessage.Hello;
import parley.signalling.link.LinkSettings.ChatServer;

/** The streams of all chat servers' processes. On the links' thread only. */
final class Links {

  private static final Logger log = LoggerFactory.getLogger(Links.class);

  /** Processes of one chat server; more are one that gives itself a new name at each start. */
  static final int MOST_OF_ONE = 64;

  private static final String LACKS = "what is missing is not kept any more";

  private record Process(String chatServer, String instance) {}

  private final LinkSurroundings around;

  /** Streams of earlier runs of this program begin otherwise. */
  private final String epoch = UUID.randomUUID().toString().substring(0, 8);

  private final Map<String, ChatLink> byStream = new HashMap<>();
  private final Map<Process, ChatLink> byProcess = new HashMap<>();

  Links(LinkSurroundings around) {
    this.around = around;
  }

  /**
   * A connection begins.
   *
   * @param hello whose stream is resumed if that is possible; else a new one is begun
   * @param address by which the chat server reached us
   * @return null when there are too many already
   */
  @Nullable ChatLink onHello(Connection from, ChatServer chatServer, Hello hello, String address) {
    ChatLink before = byStream.get(hello.stream());
    if (before == null || !before.chatServer().name().equals(chatServer.name())) {
      // The stream's name is a secret of one chat server; another one's token does not open it.
      return begin(from, chatServer, hello, address, "the stream is over");
    }
    if (before.attach(from, hello.received(), true, "")) {
      log.info("link of {} is resumed", chatServer.name());
      return before;
    }
    before.end(Connection.FELL_BEHIND, LACKS);
    return begin(from, chatServer, hello, address, LACKS);
  }

  private @Nullable ChatLink begin(
      Connection from, ChatServer chatServer, Hello hello, String address, String why) {
    var process = new Process(chatServer.name(), hello.instance());
    ChatLink before = byProcess.get(process);
    if (before != null) {
      before.end(Connection.REPLACED, "a new process of the same name began");
    }
    if (byProcess.keySet().stream().filter(p -> p.chatServer.equals(chatServer.name())).count()
        >= MOST_OF_ONE) {
      return null;
    }
    boolean asked = !hello.stream().isEmpty();
    boolean forgotten = asked && !hello.stream().startsWith(epoch);
    String reason = !asked ? "" : forgotten ? "this Parley has started since" : why;
    String id = epoch + "-" + UUID.randomUUID();
    String base = hello.base().isEmpty() ? address : hello.base();
    var link = new ChatLink(id, chatServer, base, forgotten, around, () -> remove(id, process));
    byStream.put(id, link);
    byProcess.put(process, link);
    log.info("link of {} begins{}", chatServer.name(), reason.isEmpty() ? "" : ": " + reason);
    link.attach(from, 0, false, reason);
    return link;
  }

  private void remove(String stream, Process process) {
    ChatLink link = byStream.remove(stream);
    if (link != null) {
      byProcess.remove(process, link);
    }
  }

  int sessions() {
    return byStream.values().stream().mapToInt(ChatLink::sessions).sum();
  }

  int size() {
    return byStream.size();
  }

  /** The server stops. */
  void close(int code, String reason) {
    List.copyOf(byStream.values()).forEach(link -> link.end(code, reason));
  }
}
