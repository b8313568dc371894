package parley.signalling.gateway;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.Jid;

/**
 * Whom the chat server let in lately, by the hash of what they brought: they may come back while it
 * is away. Any thread.
 */
final class KnownPeople {

  /** Those who were here last; a person's record is one or two KB. */
  private static final int MOST = 20_000;

  /** A team's answer is a page of JSON; a longer one is not kept. */
  private static final int MAX_ANSWER_BYTES = 32 << 10;

  /**
   * One person.
   *
   * @param subprotocol what the chat server agreed to speak; null: nothing was said
   * @param origin of the page that was let in; null: no page
   * @param team the chat server's answer about team and person; null: too long to keep
   */
  record Known(
      Jid jid,
      @Nullable String subprotocol,
      @Nullable String origin,
      byte @Nullable [] team,
      long sinceNs) {}

  private final long rememberNs;
  private final Map<String, Known> byHash =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
              return size() > MOST;
            }
          });

  KnownPeople(Duration remember) {
    this.rememberNs = remember.toNanos();
  }

  void add(
      String hash,
      Jid jid,
      @Nullable String subprotocol,
      @Nullable String origin,
      byte[] team,
      long nowNs) {
    byte[] kept = team.length > MAX_ANSWER_BYTES ? null : team;
    byHash.put(hash, new Known(jid, subprotocol, origin, kept, nowNs));
  }

  /** The chat server does not know them any more. */
  void remove(String hash) {
    byHash.remove(hash);
  }

  @Nullable Known get(String hash, long nowNs) {
    Known known = byHash.get(hash);
    return known == null || nowNs - known.sinceNs() > rememberNs ? null : known;
  }
}
