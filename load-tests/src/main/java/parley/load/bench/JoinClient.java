package parley.load.bench;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One device that joins, and counts what it is sent. It reads of an event only what it must. Owned
 * by its event loop; its results may be read from any thread.
 */
final class JoinClient {

  /** What an event begins with, and what of it is looked at for its name and its confirm_id. */
  private static final int HEAD_BYTES = 160;

  private static final String EVENT = "{\"event\":\"";
  private static final String CONFIRM = "\"confirm_id\":\"";
  private static final byte[] ONLINERS = "\"onliners\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] GENTIME = ",\"gentime\":".getBytes(StandardCharsets.UTF_8);

  private final Map<String, Long> bytes = new HashMap<>();
  private @Nullable WebSocket socket;
  private boolean counting;
  private long answeredNs;
  private long listChecksum;
  private int listBytes;
  private long listNs;
  private byte @Nullable [] list;
  private String closed = "";

  Future<WebSocket> connect(WebSocketClient client, URI messaging, String token) {
    var options =
        new WebSocketConnectOptions()
            .setHost(messaging.getHost())
            .setPort(messaging.getPort())
            .setURI(messaging.getPath())
            .addHeader("token", token)
            .addHeader("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) bench/1.0 Chrome/153.0");
    return client.connect(options).onSuccess(this::begin);
  }

  private synchronized void begin(WebSocket connected) {
    socket = connected;
    connected.binaryMessageHandler(message -> onMessage(message, connected));
    connected.textMessageHandler(text -> onMessage(Buffer.buffer(text), connected));
    connected.closeHandler(v -> onClosed(connected));
  }

  private synchronized void onClosed(WebSocket from) {
    closed = from.closeStatusCode() + " " + from.closeReason();
  }

  void says(String text) {
    WebSocket to = socket;
    if (to != null) {
      to.writeTextMessage(text);
    }
  }

  /** From now on what comes is counted. */
  synchronized void count() {
    counting = true;
  }

  private synchronized void onMessage(Buffer message, WebSocket from) {
    String head = message.getString(0, Math.min(message.length(), HEAD_BYTES));
    String name = head.substring(EVENT.length(), head.indexOf('"', EVENT.length()));
    if (counting) {
      bytes.merge(name, (long) message.length(), Long::sum);
    }
    int confirm = head.indexOf(CONFIRM, EVENT.length() + name.length());
    if (confirm >= 0 && confirm < head.indexOf("\"params\"")) {
      int start = confirm + CONFIRM.length();
      String id = head.substring(start, head.indexOf('"', start));
      from.writeTextMessage(
          "{\"event\":\"client.confirm\",\"params\":{\"confirm_id\":\"" + id + "\"}}");
    }
    if (name.equals("server.call.answer") && answeredNs == 0) {
      answeredNs = System.nanoTime();
    } else if (name.equals("server.call.state")) {
      onState(message.getBytes());
    }
  }

  private void onState(byte[] state) {
    int start = find(state, ONLINERS, 0, 1);
    int end = find(state, GENTIME, state.length - GENTIME.length, -1);
    if (start < 0 || end < start) {
      return;
    }
    CRC32 crc = new CRC32();
    crc.update(state, start, end - start);
    listChecksum = crc.getValue();
    listBytes = end - start;
    listNs = System.nanoTime();
    if (list != null) {
      list = state;
    }
  }

  private static int find(byte[] in, byte[] what, int from, int step) {
    for (int at = from; at >= 0 && at + what.length <= in.length; at += step) {
      int same = 0;
      while (same < what.length && in[at + same] == what[same]) {
        same++;
      }
      if (same == what.length) {
        return at;
      }
    }
    return -1;
  }

  /** From now on the last state is kept whole. */
  synchronized void keep() {
    list = new byte[0];
  }

  synchronized byte[] kept() {
    return list == null ? new byte[0] : list;
  }

  synchronized Map<String, Long> bytes() {
    return Map.copyOf(bytes);
  }

  /** When its offer was answered; 0: not yet. */
  synchronized long answeredNs() {
    return answeredNs;
  }

  /** When the last list of participants came. */
  synchronized long listNs() {
    return listNs;
  }

  synchronized int listBytes() {
    return listBytes;
  }

  /** Of the last list of participants: two that are equal are the same list. */
  synchronized long listChecksum() {
    return listChecksum;
  }

  /** Code and reason with which it was closed; empty while it is open. */
  synchronized String closed() {
    return closed;
  }
}
