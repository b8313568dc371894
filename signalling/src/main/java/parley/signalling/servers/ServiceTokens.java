package parley.signalling.servers;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.TokenHash;

/** The tokens there are, by their hashes: looking one up leaks no time. */
public final class ServiceTokens {

  private static final String BEARER = "Bearer ";

  /** Longer ones are nobody's, and hashing them is work. */
  private static final int MAX_CHARS = 4096;

  private final Map<String, ServiceToken> byHash = new HashMap<>();

  /**
   * @throws IllegalArgumentException with a sentence, when two servers have the same token
   */
  public ServiceTokens(Collection<ServiceToken> tokens) {
    for (ServiceToken token : tokens) {
      ServiceToken other = byHash.put(token.hash(), token);
      if (other != null) {
        throw new IllegalArgumentException(
            other.name() + " and " + token.name() + " have the same token");
      }
    }
  }

  public boolean isEmpty() {
    return byHash.isEmpty();
  }

  /**
   * @param authorization the header; null: there is none
   * @return null when it is nobody's
   */
  @Nullable ServiceToken find(@Nullable String authorization) {
    if (authorization == null
        || authorization.length() > MAX_CHARS
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    return byHash.get(TokenHash.of(authorization.substring(BEARER.length()).strip()));
  }
}
