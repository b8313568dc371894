package parley.relay.turn;

/** So many units a second, and some at once. */
final class TokenBucket {

  private static final double NS_PER_SECOND = 1e9;

  private final double perNs;
  private final double capacity;
  private double tokens;
  private long lastNs;

  /**
   * @param perSecond 0: without limit
   * @param capacity how many at once
   */
  TokenBucket(double perSecond, double capacity, long nowNs) {
    this.perNs = perSecond / NS_PER_SECOND;
    this.capacity = capacity;
    this.tokens = capacity;
    this.lastNs = nowNs;
  }

  boolean take(double amount, long nowNs) {
    if (perNs == 0) {
      return true;
    }
    tokens = Math.min(capacity, tokens + (nowNs - lastNs) * perNs);
    lastNs = nowNs;
    if (tokens < amount) {
      return false;
    }
    tokens -= amount;
    return true;
  }
}
