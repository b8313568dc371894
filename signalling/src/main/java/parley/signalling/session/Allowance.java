package parley.signalling.session;

/** So much at once, and so much a second in the long run: a token bucket. */
public final class Allowance {

  private static final double NANOS = 1e9;

  private final double most;
  private final double perSecond;
  private double left;
  private long countedNs;

  public Allowance(double most, double perSecond, long nowNs) {
    this.most = most;
    this.perSecond = perSecond;
    this.left = most;
    this.countedNs = nowNs;
  }

  /** Whether there is enough left; then it is used. */
  public boolean take(double amount, long nowNs) {
    left = Math.min(most, left + (nowNs - countedNs) / NANOS * perSecond);
    countedNs = nowNs;
    if (left < amount) {
      return false;
    }
    left -= amount;
    return true;
  }

  /** What was taken was not used. */
  public void giveBack(double amount) {
    left = Math.min(most, left + amount);
  }
}
