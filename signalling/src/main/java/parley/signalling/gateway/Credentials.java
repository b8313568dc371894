package parley.signalling.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.server.Subprotocols;
import parley.signalling.wire.TeamId;

/**
 * What somebody brings to show who he is, whatever the chat server looks at: its own affair. Never
 * kept as it is, only as a hash.
 *
 * @param token the header of that name; null: none
 * @param subprotocols tokens that a browser said there, for want of header fields
 */
record Credentials(
    @Nullable String token,
    @Nullable String authorization,
    @Nullable String cookie,
    List<String> subprotocols) {

  /** A browser names two subprotocols, and each may be read twice. */
  private static final int MOST_TOKENS = 4;

  private static final String TOKEN = "token";

  Credentials {
    subprotocols = List.copyOf(subprotocols);
  }

  static Credentials of(MultiMap headers) {
    List<String> tokens = Subprotocols.of(headers.get("sec-websocket-protocol")).tokens();
    return new Credentials(
        headers.get(TOKEN),
        headers.get(HttpHeaders.AUTHORIZATION),
        headers.get(HttpHeaders.COOKIE),
        tokens.subList(0, Math.min(tokens.size(), MOST_TOKENS)));
  }

  boolean isEmpty() {
    return token == null && authorization == null && cookie == null && subprotocols.isEmpty();
  }

  /** Whether a browser may have added them by itself, whichever page asked. */
  boolean isCookieOnly() {
    return token == null && authorization == null && subprotocols.isEmpty();
  }

  /**
   * What to ask the chat server's HTTP API with, one after the other: it knows no subprotocols
   * there, so what a WebSocket brought in that way is a token for it.
   */
  List<Credentials> forAsking() {
    if (token != null || authorization != null || subprotocols.isEmpty()) {
      return List.of(new Credentials(token, authorization, cookie, List.of()));
    }
    List<Credentials> each = new ArrayList<>();
    for (String one : subprotocols) {
      if (!one.isEmpty()) {
        each.add(new Credentials(one, null, cookie, List.of()));
      }
    }
    if (cookie != null) {
      each.add(new Credentials(null, null, cookie, List.of()));
    }
    return each;
  }

  void putInto(MultiMap headers) {
    put(headers, TOKEN, token);
    put(headers, "Authorization", authorization);
    put(headers, "Cookie", cookie);
  }

  private static void put(MultiMap headers, String name, @Nullable String value) {
    if (value != null) {
      headers.set(name, value);
    }
  }

  /** The same for the same team and credentials, and for no others. */
  String hash(TeamId team) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      add(sha, team.value());
      add(sha, token);
      add(sha, authorization);
      add(sha, cookie);
      subprotocols.forEach(each -> add(sha, each));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** With its length before it, so that no two lists of parts are the same bytes. */
  private static void add(MessageDigest sha, @Nullable String part) {
    byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
    sha.update(((part == null ? "-" : bytes.length) + ":").getBytes(StandardCharsets.UTF_8));
    sha.update(bytes);
  }

  @Override
  public String toString() {
    return "Credentials"; // they are secrets
  }
}
