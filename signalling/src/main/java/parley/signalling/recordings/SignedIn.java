package parley.signalling.recordings;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * People who signed in on a page, by the cookie they got for it. In memory: a restart signs all of
 * them out. Any thread.
 */
final class SignedIn {

  /** Only for the paths of this API, so nothing else ever sees it. */
  static final String COOKIE = "parley_recordings";

  /** Who has left his desk. */
  static final Duration IDLE = Duration.ofMinutes(15);

  /** A day's work. */
  static final Duration LONGEST = Duration.ofHours(8);

  /** Officers of a large house; the one who was away the longest has to sign in again. */
  static final int MAX = 1_000;

  private static final int SECRET_BYTES = 24;

  private static final Pattern IN_HEADER =
      Pattern.compile("(?:^|; ?)" + COOKIE + "=([\\w-]{1,64})");

  /**
   * One of them.
   *
   * @param csrf what the page has to send along with whatever changes something
   * @param why the reason of what brings none of its own
   */
  record Session(String csrf, Visitor visitor, String why, Instant began, Instant seen) {
    Instant expires() {
      Instant idle = seen.plus(IDLE);
      Instant latest = began.plus(LONGEST);
      return idle.isBefore(latest) ? idle : latest;
    }
  }

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  SignedIn(InstantSource clock) {
    this.clock = clock;
  }

  /** The cookie's value in a Cookie header; null when there is none. */
  static @Nullable String cookie(@Nullable String header) {
    Matcher matcher = header == null ? null : IN_HEADER.matcher(header);
    return matcher != null && matcher.find() ? matcher.group(1) : null;
  }

  /** Begins a session; returns what to set as the cookie's value. */
  synchronized String begin(Visitor visitor, String why) {
    Instant now = clock.instant();
    String cookie = secret();
    sessions.put(cookie, new Session(secret(), visitor, why, now, now));
    Iterator<Session> oldest = sessions.values().iterator();
    if (sessions.size() > MAX && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
    return cookie;
  }

  /** Null when there is none, or no more; one that is there is prolonged. */
  synchronized @Nullable Session find(String cookie) {
    Session found = sessions.get(cookie);
    Instant now = clock.instant();
    if (found == null) {
      return null;
    }
    if (!now.isBefore(found.expires())) {
      sessions.remove(cookie);
      return null;
    }
    Session seen = new Session(found.csrf, found.visitor, found.why, found.began, now);
    sessions.put(cookie, seen);
    return seen;
  }

  /** Another reason from now on. */
  synchronized @Nullable Session reason(String cookie, String why) {
    Session found = find(cookie);
    if (found == null) {
      return null;
    }
    Session other = new Session(found.csrf, found.visitor, why, found.began, found.seen);
    sessions.put(cookie, other);
    return other;
  }

  synchronized void end(String cookie) {
    sessions.remove(cookie);
  }

  String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }
}
