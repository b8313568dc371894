package parley.relay.turn;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much one user, and all together, may have. */
final class Quotas {

  /**
   * What may come at once, in seconds of the rate: a jitter buffer's worth of held-up packets
   * passes, a flood does not.
   */
  private static final double BURST_SECONDS = 1;

  /** A rate below a packet would let nothing pass, ever. */
  private static final double LEAST_BURST_BYTES = 4096;

  private final TurnSettings settings;
  private final TokenBucket bytes;
  private final Map<String, UserQuota> users = new HashMap<>();
  private int allocations;

  Quotas(TurnSettings settings, long nowNs) {
    this.settings = settings;
    this.bytes = bucket(settings.bytesPerSecond(), nowNs);
  }

  private static TokenBucket bucket(long perSecond, long nowNs) {
    return new TokenBucket(
        perSecond, Math.max(LEAST_BURST_BYTES, perSecond * BURST_SECONDS), nowNs);
  }

  /** One more allocation; null if the user, or all together, have as many as they may. */
  @Nullable UserQuota tryAllocate(String name, long nowNs) {
    UserQuota user = users.get(name);
    boolean userFull =
        user != null
            && settings.allocationsPerUser() > 0
            && user.allocations() >= settings.allocationsPerUser();
    boolean full = settings.allocations() > 0 && allocations >= settings.allocations();
    if (userFull || full) {
      return null;
    }
    if (user == null) {
      user = new UserQuota(name, bucket(settings.bytesPerSecondPerUser(), nowNs));
      users.put(name, user);
    }
    user.count(1);
    allocations++;
    return user;
  }

  void release(UserQuota user) {
    user.count(-1);
    allocations--;
    if (user.allocations() == 0) {
      users.remove(user.name());
    }
  }

  /** Whether a datagram of this size may still be relayed now. */
  boolean mayRelay(UserQuota user, int lengthBytes, long nowNs) {
    return user.bytes().take(lengthBytes, nowNs) && bytes.take(lengthBytes, nowNs);
  }

  int allocations() {
    return allocations;
  }

  int users() {
    return users.size();
  }
}
