package parley.signalling.pages;

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
 *
 * @param <T> what is known of somebody who has signed in
 */
public final class PageSessions<T> {

  /** Who has left his desk. */
  public static final Duration IDLE = Duration.ofMinutes(15);

  /** A day's work. */
  static final Duration LONGEST = Duration.ofHours(8);

  /** Windows of a large house; who was away the longest has to sign in again. */
  static final int MAX = 1_000;

  private static final int SECRET_BYTES = 24;

  /**
   * One of them.
   *
   * @param csrf what the page has to send along with whatever changes something
   */
  public record Session<T>(String csrf, T who, Instant began, Instant seen) {

    /** When it ends if nothing more is heard of him. */
    public Instant expires() {
      Instant idle = seen.plus(IDLE);
      Instant latest = began.plus(LONGEST);
      return idle.isBefore(latest) ? idle : latest;
    }
  }

  /**
   * One that has just begun.
   *
   * @param cookie what to set as the cookie's value
   */
  public record Begun<T>(String cookie, Session<T> session) {
    @Override
    public String toString() {
      return "Begun";
    }
  }

  private final String cookieName;
  private final Pattern inHeader;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session<T>> sessions = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param cookieName of letters, digits and underscores; one page's alone
   */
  public PageSessions(String cookieName, InstantSource clock) {
    this.cookieName = cookieName;
    this.inHeader = Pattern.compile("(?:^|; ?)" + cookieName + "=([\\w-]{1,64})");
    this.clock = clock;
  }

  /**
   * What sets the cookie, or takes it away.
   *
   * @param value its value; null: it is taken away
   * @param path the only paths that it is sent to
   */
  public String setCookie(@Nullable String value, String path, boolean secure) {
    return cookieName
        + "="
        + (value == null ? "" : value)
        + "; Path="
        + path
        + "; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "")
        + (value == null ? "; Max-Age=0" : "");
  }

  /** The cookie's value in a Cookie header; null when there is none. */
  public @Nullable String cookie(@Nullable String header) {
    Matcher matcher = header == null ? null : inHeader.matcher(header);
    return matcher != null && matcher.find() ? matcher.group(1) : null;
  }

  /** Begins a session. */
  public synchronized Begun<T> begin(T who) {
    Instant now = clock.instant();
    String cookie = secret();
    Session<T> session = new Session<>(secret(), who, now, now);
    sessions.put(cookie, session);
    Iterator<Session<T>> oldest = sessions.values().iterator();
    if (sessions.size() > MAX && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
    return new Begun<>(cookie, session);
  }

  /** Null when there is none, or no more; one that is there is prolonged. */
  public synchronized @Nullable Session<T> find(@Nullable String cookie) {
    Session<T> found = cookie == null ? null : sessions.get(cookie);
    Instant now = clock.instant();
    if (cookie == null || found == null) {
      return null;
    }
    if (!now.isBefore(found.expires())) {
      sessions.remove(cookie);
      return null;
    }
    Session<T> seen = new Session<>(found.csrf, found.who, found.began, now);
    sessions.put(cookie, seen);
    return seen;
  }

  /** The same session, of whom something else is known from now on; null when there is none. */
  public synchronized @Nullable Session<T> change(String cookie, T who) {
    Session<T> found = find(cookie);
    if (found == null) {
      return null;
    }
    Session<T> other = new Session<>(found.csrf, who, found.began, found.seen);
    sessions.put(cookie, other);
    return other;
  }

  public synchronized void end(@Nullable String cookie) {
    sessions.remove(cookie);
  }

  private String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }
}
