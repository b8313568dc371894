import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** What Parley may ask this chat server, and what this one says to it, over HTTP. */
final class ForParley {

  /** Clients ask for another token when they connect anew. */
  private static final int TOKEN_S = 3_600;

  /** Standard Webhooks: what is older was said by somebody who listened. */
  private static final int WEBHOOK_AGE_S = 300;

  private final People people;
  private final Tokens tokens;
  private final String secret;
  private final String webhookSecret;

  /**
   * @param secret shared with Parley: it signs tokens with it, and Parley asks with it
   * @param webhookSecret of Parley's webhooks, whsec_…
   */
  ForParley(People people, Tokens tokens, String secret, String webhookSecret) {
    this.people = people;
    this.tokens = tokens;
    this.secret = secret;
    this.webhookSecret = webhookSecret;
  }

  /** A token for Parley (a JWT, RFC 7519): who this is, for an hour. */
  String callToken(String jid) {
    var header = new JsonObject().put("alg", "HS256").put("typ", "JWT");
    var claims =
        new JsonObject()
            .put("iss", "chat")
            .put("aud", "parley")
            .put("sub", jid)
            .put("teams", new JsonArray().add(people.uid))
            .put("exp", Instant.now().getEpochSecond() + TOKEN_S);
    String text = base64(header) + "." + base64(claims);
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return text + "." + Tokens.base64(Tokens.hmac(key, text));
  }

  private static String base64(JsonObject json) {
    return Tokens.base64(json.encode().getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it is Parley that asks. */
  boolean isParley(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    return !secret.isEmpty()
        && authorization != null
        && Tokens.same(authorization, "Bearer " + secret);
  }

  /** Token introspection (RFC 7662), for those who would rather not sign tokens. */
  JsonObject introspect(String token) {
    String jid = token == null ? null : tokens.jid(token);
    var answer = new JsonObject().put("active", jid != null);
    return jid == null
        ? answer
        : answer.put("sub", jid).put("teams", new JsonArray().add(people.uid));
  }

  /** The directory callback: people and chats of a team. */
  JsonObject team() {
    var contacts = new JsonArray();
    for (Object each : people.team.getJsonArray("contacts")) {
      JsonObject contact = ((JsonObject) each).copy();
      contact.remove("login");
      contacts.add(contact);
    }
    return new JsonObject()
        .put("uid", people.uid)
        .put("name", people.team.getString("name"))
        .put("contacts", contacts)
        .put("chats", people.team.getJsonArray("groups"));
  }

  /** Whether a webhook is Parley's (https://www.standardwebhooks.com). */
  boolean isSigned(HttpServerRequest request, String body) {
    String id = request.getHeader("webhook-id");
    String timestamp = request.getHeader("webhook-timestamp");
    String signatures = request.getHeader("webhook-signature");
    if (id == null || timestamp == null || signatures == null || webhookSecret.isEmpty()) {
      return false;
    }
    try {
      if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > WEBHOOK_AGE_S) {
        return false;
      }
    } catch (NumberFormatException e) {
      return false;
    }
    byte[] key = Base64.getDecoder().decode(webhookSecret.replaceFirst("^whsec_", ""));
    byte[] mac = Tokens.hmac(key, id + "." + timestamp + "." + body);
    String right = "v1," + Base64.getEncoder().encodeToString(mac);
    boolean signed = false;
    for (String signature : signatures.split(" ")) {
      signed |= Tokens.same(signature, right);
    }
    return signed;
  }
}
