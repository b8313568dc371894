package parley.relay.turn;

import java.util.EnumMap;
import java.util.Map;

/**
 * Somebody who may allocate. His password is not kept, only the keys that are made from it (RFC
 * 8656 §6).
 *
 * @param name whose quota it is; for time-limited credentials the part behind the expiry
 * @param username as it is sent, prepared by OpaqueString
 * @param keys for each algorithm
 */
record TurnUser(String name, String username, Map<PasswordAlgorithm, byte[]> keys) {

  /**
   * @param realm prepared by OpaqueString
   * @param password prepared by OpaqueString
   */
  static TurnUser of(String name, String username, String realm, String password) {
    Map<PasswordAlgorithm, byte[]> keys = new EnumMap<>(PasswordAlgorithm.class);
    for (PasswordAlgorithm each : PasswordAlgorithm.values()) {
      keys.put(each, each.key(username, realm, password));
    }
    return new TurnUser(name, username, keys);
  }

  byte[] key(PasswordAlgorithm algorithm) {
    byte[] key = keys.get(algorithm);
    if (key == null) {
      throw new IllegalStateException("a user has a key for every algorithm");
    }
    return key;
  }

  @Override
  public String toString() {
    return "TurnUser[" + name + "]";
  }
}
