package parley.relay.turn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has proved who he is.
 *
 * @param name whose quota it is
 * @param username as he sends it
 * @param userHash the same, hashed
 * @param key good for his further requests about the same allocation
 */
record Login(
    String name, String username, byte[] userHash, PasswordAlgorithm algorithm, byte[] key) {

  boolean isNamed(@Nullable String sentName, byte @Nullable [] sentHash) {
    return sentName != null ? sentName.equals(username) : Arrays.equals(userHash, sentHash);
  }

  /** Only the user who allocated may use the allocation (RFC 8656 §5). */
  boolean isSameUser(Login other) {
    return username.equals(other.username);
  }

  @Override
  public String toString() {
    return "Login[" + name + "]";
  }
}
