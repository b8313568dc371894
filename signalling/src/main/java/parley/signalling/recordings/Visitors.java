package parley.signalling.recordings;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.TokenHash;

/** Who may do anything with recordings, by the hashes of their tokens. */
public final class Visitors {

  private static final String BEARER = "Bearer ";

  /** Longer ones are nobody's, and hashing them is work. */
  static final int MAX_CHARS = 4096;

  private final Map<String, Visitor> byHash;

  /**
   * @param byHash SHA-256 of a token in lower-case hexadecimal
   */
  public Visitors(Map<String, Visitor> byHash) {
    this.byHash = new HashMap<>(byHash);
  }

  /** Whether there is nobody. */
  public boolean isEmpty() {
    return byHash.isEmpty();
  }

  /** Null when it is nobody's. */
  @Nullable Visitor byToken(String token) {
    return token.isEmpty() || token.length() > MAX_CHARS ? null : byHash.get(TokenHash.of(token));
  }

  /**
   * @param header Authorization
   * @return the token; null when there is none in it
   */
  static @Nullable String bearer(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : null;
  }
}
