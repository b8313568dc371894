package parley.signalling.servers;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import parley.signalling.directory.TokenHash;
import parley.signalling.wire.TeamId;

/**
 * What a server signs in with.
 *
 * @param name of the server, for the log
 * @param hash SHA-256 of the token, in hexadecimal: the token itself is not kept
 * @param teams it may touch; empty: all
 */
public record ServiceToken(String name, String hash, Set<Scope> scopes, Set<TeamId> teams) {

  private static final String HASHED = "sha256:";
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

  /** 192 bits in base64: nobody guesses that. */
  private static final int MIN_CHARS = 32;

  public ServiceToken {
    scopes = Set.copyOf(scopes);
    teams = Set.copyOf(teams);
  }

  /**
   * @param token itself, or {@code sha256:} and its hash
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static ServiceToken of(String name, String token, Set<Scope> scopes, Set<TeamId> teams) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a token has no name; right would be the server's");
    }
    if (scopes.isEmpty()) {
      throw new IllegalArgumentException(
          "the token of " + name + " may do nothing; right would be some of " + Scope.names());
    }
    if (!token.startsWith(HASHED)) {
      if (token.length() < MIN_CHARS) {
        throw new IllegalArgumentException(
            "the token of "
                + name
                + " has "
                + token.length()
                + " characters; right would be 32 and more (openssl rand -hex 32)");
      }
      return new ServiceToken(name, TokenHash.of(token), scopes, teams);
    }
    String hash = token.substring(HASHED.length());
    if (!SHA_256.matcher(hash).matches()) {
      throw new IllegalArgumentException(
          "the token of "
              + name
              + " is no hash; right would be sha256: and what `printf %s TOKEN | sha256sum`"
              + " prints");
    }
    return new ServiceToken(name, hash.toLowerCase(Locale.ROOT), scopes, teams);
  }

  boolean reaches(TeamId team) {
    return teams.isEmpty() || teams.contains(team);
  }

  @Override
  public String toString() {
    return "ServiceToken[" + name + "]";
  }
}
