package parley.signalling.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.call.CallSummary;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.IsoTime;

/**
 * Calls that servers know of and whose end they do not know yet, on disk: when this process is
 * killed, the next one tells that they are over. Owned by the {@link Webhooks} thread.
 */
final class OpenCalls {

  private static final Logger log = LoggerFactory.getLogger(OpenCalls.class);

  /** Nobody minds if a call that was broken off counts half a minute less. */
  static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private final Outbox outbox;
  private final JsonMapper json;
  private long nextBeatMs;

  OpenCalls(Outbox outbox, JsonMapper json) {
    this.outbox = outbox;
    this.json = json;
  }

  /** Something was told of a call. */
  void note(CallEvent event) {
    String uid = event.uid().value();
    switch (event) {
      case CallEvent.Buzz buzz -> {
        if (!outbox.isOpen(uid)) {
          outbox.open(uid, end(buzz, summary(buzz)));
        }
      }
      case CallEvent.Started started -> outbox.open(uid, end(started, summary(started)));
      case CallEvent.Finished finished -> outbox.closed(uid);
      case CallEvent.Moved moved -> {
        if (moved.here()) {
          outbox.open(uid, end(moved, summary(moved)));
        } else {
          outbox.closed(uid);
        }
      }
      case CallEvent.RecordingReady ready -> {}
      case CallEvent.RecordingFailed failed -> {}
      case CallEvent.RecordingDecided decided -> {}
      case CallEvent.RecordingMissing missing -> {}
    }
  }

  /** Remembers now and then that this process lives. */
  void beat(Instant now) {
    if (now.toEpochMilli() >= nextBeatMs && outbox.hasOpen()) {
      outbox.alive(now);
      nextBeatMs = now.plus(HEARTBEAT).toEpochMilli();
    }
  }

  /**
   * At the start of a process: the ends of the calls that ran when the one before was killed, and
   * nothing is open any more.
   *
   * @return bodies of {@code call.finished} by the uid of the call
   */
  Map<String, ObjectNode> takeBrokenOff() {
    Map<String, ObjectNode> ends = new LinkedHashMap<>();
    outbox
        .allOpen()
        .forEach(
            (uid, end) -> {
              try {
                ends.put(uid, brokenOff((ObjectNode) json.readTree(end)));
              } catch (JsonProcessingException e) {
                log.error("the outbox holds no call under {}", uid, e);
              }
              outbox.closed(uid);
            });
    return ends;
  }

  private ObjectNode brokenOff(ObjectNode body) {
    ObjectNode data = (ObjectNode) body.get("data");
    Instant told = Instant.parse(data.get("finish").textValue());
    Instant alive = outbox.alive();
    var finish = new IsoTime(alive.isAfter(told) ? alive : told);
    body.put("timestamp", finish.toString());
    data.put("finish", finish.toString());
    if (data.has("start")) {
      Instant start = Instant.parse(data.get("start").textValue());
      data.put("duration", WebhookBody.seconds(Duration.between(start, finish.instant())));
    }
    return body;
  }

  private String end(CallEvent event, CallSummary summary) {
    WebhookBody body = WebhookBody.of(new CallEvent.Finished(event.place(), summary)).getFirst();
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
  }

  private static CallSummary summary(CallEvent.Buzz buzz) {
    return new CallSummary(
        buzz.uid(),
        buzz.place().key(),
        buzz.at(),
        null,
        buzz.at(),
        new LinkedHashSet<>(),
        "the server broke off");
  }

  private static CallSummary summary(CallEvent.Moved moved) {
    return new CallSummary(
        moved.uid(),
        moved.place().key(),
        moved.created(),
        moved.start(),
        moved.at(),
        new LinkedHashSet<>(moved.participants()),
        "the server broke off");
  }

  private static CallSummary summary(CallEvent.Started started) {
    return new CallSummary(
        started.uid(),
        started.place().key(),
        started.created(),
        started.at(),
        started.at(),
        new LinkedHashSet<>(started.participants()),
        "the server broke off");
  }
}
