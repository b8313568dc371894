package parley.relay.turn;

/** What one user has taken of what a user may have. */
final class UserQuota {

  private final String name;
  private final TokenBucket bytes;
  private int allocations;

  UserQuota(String name, TokenBucket bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  String name() {
    return name;
  }

  TokenBucket bytes() {
    return bytes;
  }

  int allocations() {
    return allocations;
  }

  void count(int change) {
    allocations += change;
  }
}
