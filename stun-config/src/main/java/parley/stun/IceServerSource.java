package parley.stun;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A STUN or TURN server as the operator names it: with fixed credentials, or with the secret that
 * credentials are made with for each user.
 *
 * @param urls one URI, as in {@link IceServer}
 * @param username fixed; empty: none
 * @param credential fixed; empty: none
 * @param secret shared with the server; empty: none
 * @param region for clients who name the same one; empty: for all
 */
public record IceServerSource(
    String urls, String username, String credential, String secret, String region) {

  /**
   * @throws IllegalArgumentException with a sentence that says what is wrong and what would be
   *     right
   */
  public IceServerSource {
    boolean fixed = !username.isEmpty() || !credential.isEmpty();
    if (!secret.isEmpty() && fixed) {
      throw new IllegalArgumentException(
          urls + " has a secret and a username or credential; right would be one of the two ways");
    }
    if (!secret.isEmpty() && !urls.startsWith("turn")) {
      throw new IllegalArgumentException(urls + ": only turn: and turns: take a secret");
    }
    if (secret.isEmpty()) {
      new IceServer(urls, username, credential); // refuses what is wrong, with a sentence
    } else {
      new IceServer(urls, "user", "password");
    }
  }

  public static IceServerSource of(IceServer server) {
    return new IceServerSource(server.urls(), server.username(), server.credential(), "", "");
  }

  /**
   * What a client is told.
   *
   * @param user whose credentials are made, if they are; null: somebody unknown
   * @return null if it wants credentials, which nobody unknown gets: a browser refuses such a
   *     server without them, and with it the call
   */
  @Nullable IceServer forUser(@Nullable String user, Instant expires) {
    if (secret.isEmpty() && (user != null || (username.isEmpty() && credential.isEmpty()))) {
      return new IceServer(urls, username, credential);
    }
    if (user == null) {
      return null;
    }
    var made = TimeLimitedCredentials.make(secret, user, expires);
    return new IceServer(urls, made.username(), made.password());
  }

  @Override
  public String toString() {
    return "IceServerSource[" + urls + "]";
  }
}
