package parley.signalling.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a browser says in {@code Sec-WebSocket-Protocol}: it cannot set other headers on a
 * WebSocket.
 *
 * @param tokens what may be the token: each name itself, and what {@code token.} carries in
 *     base64url without padding
 * @param instance what {@code instance.} carries: the same on every socket of one client; empty:
 *     not told
 */
public record Subprotocols(List<String> tokens, String instance) {

  /** Asked for beside the others; it says nothing, and is the one that is agreed upon. */
  static final String PARLEY = "parley";

  static final String TOKEN = "token.";
  static final String INSTANCE = "instance.";

  /** A token of the longest kind, in base64, and the rest. */
  private static final int MAX_CHARS = 8192;

  /** 16 random bytes in base64url are 22; a UUID is 36. */
  private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");

  public Subprotocols {
    tokens = List.copyOf(tokens);
  }

  public static Subprotocols of(@Nullable String header) {
    List<String> tokens = new ArrayList<>();
    String instance = "";
    if (header != null && header.length() <= MAX_CHARS) {
      for (String protocol : header.split(",", -1)) {
        String name = protocol.strip();
        if (name.startsWith(INSTANCE)) {
          String id = name.substring(INSTANCE.length());
          instance = INSTANCE_ID.matcher(id).matches() ? id : "";
        } else if (!name.equals(PARLEY)) {
          if (name.startsWith(TOKEN)) {
            tokens.add(decoded(name.substring(TOKEN.length())));
          }
          tokens.add(name);
        }
      }
    }
    return new Subprotocols(tokens, instance);
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return "Subprotocols"; // tokens are secrets
  }
}
