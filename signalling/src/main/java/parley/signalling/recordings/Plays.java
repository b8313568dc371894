package parley.signalling.recordings;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who hears which recording, and why: said once, for a player asks for a file a hundred times. In
 * memory; any thread.
 */
final class Plays {

  /** A meeting's length; then he says once more why. */
  static final Duration VALID = Duration.ofHours(1);

  /** More at a time would be somebody who asks and does not listen. */
  static final int MAX = 2_000;

  private static final int SECRET_BYTES = 16;

  /**
   * One of them.
   *
   * @param who as the audit log has him: nobody else hears with it
   * @param recording its id
   */
  record Play(String who, String recording, String why, Instant until, Set<String> heard) {}

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final Map<String, Play> plays = new LinkedHashMap<>();

  Plays(InstantSource clock) {
    this.clock = clock;
  }

  synchronized String begin(String who, String recording, String why) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    plays.put(id, new Play(who, recording, why, clock.instant().plus(VALID), new HashSet<>()));
    Iterator<Play> oldest = plays.values().iterator();
    if (plays.size() > MAX && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
    return id;
  }

  /** Null when there is none, not any more, or it is somebody else's. */
  synchronized @Nullable Play find(@Nullable String id, String who, String recording) {
    Play play = id == null ? null : plays.get(id);
    if (play == null || !play.who.equals(who) || !play.recording.equals(recording)) {
      return null;
    }
    if (!clock.instant().isBefore(play.until)) {
      plays.remove(id);
      return null;
    }
    return play;
  }

  /** Whether this is heard with it for the first time. */
  synchronized boolean first(Play play, String what) {
    return play.heard.add(what);
  }

  /** It could not be written down: the next time is the first one again. */
  synchronized void forget(Play play, String what) {
    play.heard.remove(what);
  }
}
