package parley.relay.turn;

/**
 * Somebody who may allocate.
 *
 * @param name whose quota it is; for time-limited credentials the part behind the expiry
 * @param username as it is sent, prepared by OpaqueString
 * @param password prepared by OpaqueString
 */
record TurnUser(String name, String username, String password) {

  @Override
  public String toString() {
    return "TurnUser[" + name + "]";
  }
}
