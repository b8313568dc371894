package parley.signalling.servers;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who has signed in at the operator's page, by cookie. Any thread. */
final class OperatorSessions {

  static final String COOKIE = "parley_operate";

  /** Who has gone for coffee signs in again. */
  static final Duration IDLE = Duration.ofMinutes(15);

  /** A shift. */
  static final Duration LONGEST = Duration.ofHours(8);

  /** Operators' windows; the oldest has to sign in again. */
  static final int MAX = 1_000;

  private static final Pattern IN_HEADER =
      Pattern.compile("(?:^|; ?)" + COOKIE + "=([\\w-]{1,64})");

  /**
   * One of them.
   *
   * @param csrf what requests that do something must bring besides the cookie
   */
  record Session(ServiceToken token, String csrf, long beganNs, long usedNs) {

    boolean mayAct() {
      return token.scopes().contains(Scope.OPERATE_ACT);
    }
  }

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanoTime;
  private final SequencedMap<String, Session> sessions = new LinkedHashMap<>();

  OperatorSessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Begins one, and returns the cookie's value. */
  synchronized String begin(ServiceToken token) {
    String value = secret();
    long nowNs = nanoTime.getAsLong();
    sessions.put(value, new Session(token, secret(), nowNs, nowNs));
    if (sessions.size() > MAX) {
      sessions.pollFirstEntry();
    }
    return value;
  }

  /**
   * The session that a request belongs to, used from now on; null: none.
   *
   * @param header Cookie
   */
  synchronized @Nullable Session find(@Nullable String header) {
    String value = cookie(header);
    Session session = value == null ? null : sessions.get(value);
    if (value == null || session == null) {
      return null;
    }
    long nowNs = nanoTime.getAsLong();
    if (nowNs - session.usedNs() > IDLE.toNanos()
        || nowNs - session.beganNs() > LONGEST.toNanos()) {
      sessions.remove(value);
      return null;
    }
    Session used = new Session(session.token(), session.csrf(), session.beganNs(), nowNs);
    sessions.put(value, used);
    return used;
  }

  synchronized void end(@Nullable String header) {
    String value = cookie(header);
    if (value != null) {
      sessions.remove(value);
    }
  }

  private static @Nullable String cookie(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Matcher matcher = IN_HEADER.matcher(header);
    return matcher.find() ? matcher.group(1) : null;
  }

  private String secret() {
    byte[] secret = new byte[24];
    random.nextBytes(secret);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }
}
