package parley.signalling.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import parley.relay.api.CallId;

/**
 * One event as it is sent: the same id and body however often, and to whomever.
 *
 * @param id without a full stop
 * @param call those of one call are sent in order
 * @param stored when it was put into the outbox; its age counts from here
 * @param body JSON
 */
record WebhookMessage(String id, WebhookType type, CallId call, Instant stored, String body) {

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /** As the outbox keeps it: four lines, then the body. */
  String encode() {
    return id + "\n" + type + "\n" + call.value() + "\n" + stored.toEpochMilli() + "\n" + body;
  }

  /**
   * @throws IllegalArgumentException when it is not ours
   */
  static WebhookMessage decode(String text) {
    String[] parts = text.split("\n", 5);
    WebhookType type = parts.length < 5 ? null : WebhookType.tryParse(parts[1]);
    if (type == null) {
      throw new IllegalArgumentException("not a stored webhook");
    }
    Instant stored = Instant.ofEpochMilli(Long.parseLong(parts[3]));
    return new WebhookMessage(parts[0], type, new CallId(parts[2]), stored, parts[4]);
  }

  @Override
  public String toString() {
    return "WebhookMessage[" + id + " " + type + "]";
  }
}
