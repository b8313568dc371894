package parley.signalling.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What chat servers and their clients say to each other, captured: all of it but calls. */
final class ChatEvents {

  record Captured(String name, byte[] json) {
    boolean isClients() {
      return name.startsWith("client.");
    }
  }

  /** Events that exist, and of which none was captured. */
  private static final List<String> OTHERS =
      List.of(
          "server.chat.draft",
          "server.debug",
          "server.message.push",
          "server.processing",
          "server.tag.deleted",
          "server.tag.updated",
          "server.upload.updated");

  private ChatEvents() {}

  static List<Captured> all() {
    List<Captured> events = new ArrayList<>();
    try (InputStream in = ChatEvents.class.getResourceAsStream("/chat-events.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String part : text.substring(4).split("\n=== ", -1)) {
        String[] both = part.split("\n", 2);
        events.add(new Captured(both[0], both[1].strip().getBytes(StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String name : OTHERS) {
      String json = "{\"event\":\"" + name + "\",\"params\":{\"x\":null}}";
      events.add(new Captured(name, json.getBytes(StandardCharsets.UTF_8)));
    }
    return events;
  }

  static List<byte[]> named(String name) {
    return all().stream().filter(each -> each.name().equals(name)).map(Captured::json).toList();
  }
}
