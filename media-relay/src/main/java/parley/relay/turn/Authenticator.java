package parley.relay.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The long-term credential mechanism (RFC 8489 §9.2), and limits for those who fail at it. */
final class Authenticator {

  /** What became of a request. */
  sealed interface Outcome {
    /**
     * It is who he says.
     *
     * @param strong whether answers carry SHA-256: they do for whoever chose an algorithm for his
     *     password, and for nobody else (RFC 8489 §9.2.4)
     */
    record Granted(Login login, boolean strong) implements Outcome {}

    /** Answer with this. */
    record Refused(StunError error) implements Outcome {}

    /** Too many failures: his password was not looked at. */
    record Ignored() implements Outcome {}
  }

  /** RFC 8656 §5 wants nonces to expire at least once an hour. */
  private static final long NONCE_NS = Duration.ofMinutes(15).toNanos();

  /**
   * An answer to somebody unknown is some five times as long as the question. A spoofed sender gets
   * 6 KB a second sent to his victim; an office behind one address never notices.
   */
  private static final double STRANGERS_PER_SECOND = 40;

  private static final int STRANGERS_AT_ONCE = 400;

  /** Somebody who mistypes, or whose credentials have run out and who does not see it. */
  private static final double FAILURES_PER_SECOND = 0.2;

  private static final int FAILURES_AT_ONCE = 10;

  /** The same for a whole address: many users may share one. */
  private static final double ADDRESS_FAILURES_PER_SECOND = 2;

  private static final int ADDRESS_FAILURES_AT_ONCE = 100;

  private final TurnCredentials credentials;
  private final InstantSource wallClock;
  private final Integrity integrity;
  private final NonceSigner nonces;
  private final AttemptLimiter strangers;
  private final AttemptLimiter failures;
  private final AttemptLimiter addressFailures;

  Authenticator(
      TurnCredentials credentials, InstantSource wallClock, Integrity integrity, long nowNs) {
    this.credentials = credentials;
    this.wallClock = wallClock;
    this.integrity = integrity;
    var random = new SecureRandom();
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    nonces = new NonceSigner(secret, credentials.knowsHashes(), NONCE_NS);
    strangers =
        new AttemptLimiter(STRANGERS_PER_SECOND, STRANGERS_AT_ONCE, random.nextLong(), nowNs);
    failures = new AttemptLimiter(FAILURES_PER_SECOND, FAILURES_AT_ONCE, random.nextLong(), nowNs);
    addressFailures =
        new AttemptLimiter(
            ADDRESS_FAILURES_PER_SECOND, ADDRESS_FAILURES_AT_ONCE, random.nextLong(), nowNs);
  }

  /**
   * Whether somebody who has proved nothing may be answered once more. On a stream always: who has
   * a connection does get mail at that address, and asks nothing twice when no answer comes.
   */
  boolean mayAnswerStranger(ClientLink link, InetSocketAddress client, long nowNs) {
    return link.isStream() || strangers.take(network(client.getAddress()), nowNs);
  }

  /**
   * Checks a request.
   *
   * @param known who made the allocation that the request is about: his key stays good for it even
   *     when his credentials run out, so that no call ends in the middle
   */
  Outcome check(StunReader request, InetSocketAddress client, @Nullable Login known, long nowNs) {
    if (!request.hasIntegrity()) {
      return new Outcome.Refused(StunError.UNAUTHENTICATED);
    }
    String nonce = request.text(StunAttribute.NONCE);
    String realm = request.text(StunAttribute.REALM);
    String username = request.text(StunAttribute.USERNAME);
    byte[] hash = request.bytes(StunAttribute.USERHASH);
    if (nonce == null || realm == null || (username == null && hash == null)) {
      return new Outcome.Refused(StunError.BAD_REQUEST);
    }
    PasswordAlgorithm algorithm = algorithm(request, nonce);
    if (algorithm == null) {
      return new Outcome.Refused(StunError.BAD_REQUEST);
    }
    // Before any password, and so before what RFC 8489 §9.2.4 names first: who has no nonce of ours
    // is answered for the price of one code, and who
    // has one does get mail at that address.
    if (!nonces.isGood(nonce, client, nowNs)) {
      return new Outcome.Refused(StunError.STALE_NONCE);
    }
    // What others at his address do wrong ends no allocation that he has.
    if (known != null && isRight(known, request, username, hash, algorithm)) {
      return new Outcome.Granted(known, request.has(StunAttribute.PASSWORD_ALGORITHM));
    }
    long network = network(client.getAddress());
    long attempt = 31 * network + (username == null ? Arrays.hashCode(hash) : username.hashCode());
    if (!addressFailures.has(network, nowNs) || !failures.has(attempt, nowNs)) {
      return new Outcome.Ignored();
    }
    Login login = login(request, realm, username, hash, algorithm);
    if (login == null) {
      addressFailures.take(network, nowNs);
      failures.take(attempt, nowNs);
      return new Outcome.Refused(StunError.UNAUTHENTICATED);
    }
    return new Outcome.Granted(login, request.has(StunAttribute.PASSWORD_ALGORITHM));
  }

  private boolean isRight(
      Login known,
      StunReader request,
      @Nullable String username,
      byte @Nullable [] hash,
      PasswordAlgorithm algorithm) {
    return known.algorithm() == algorithm
        && known.isNamed(username, hash)
        && integrity.verify(request, known.key());
  }

  private @Nullable Login login(
      StunReader request,
      String realm,
      @Nullable String username,
      byte @Nullable [] hash,
      PasswordAlgorithm algorithm) {
    for (TurnUser user : candidates(username, hash)) {
      byte[] key = user.key(algorithm);
      if (realm.equals(credentials.realm()) && integrity.verify(request, key)) {
        byte[] userHash = PasswordAlgorithm.userHash(user.username(), realm);
        return new Login(user.name(), user.username(), userHash, algorithm, key);
      }
    }
    return null;
  }

  private List<TurnUser> candidates(@Nullable String username, byte @Nullable [] hash) {
    if (username != null) {
      return credentials.ofName(username, wallClock.instant().getEpochSecond());
    }
    TurnUser user = hash == null ? null : credentials.ofHash(hash);
    return user == null ? List.of() : List.of(user);
  }

  /** The one that the client chose (RFC 8489 §9.2.4); null if it chose none that was offered. */
  private static @Nullable PasswordAlgorithm algorithm(StunReader request, String nonce) {
    int offered = request.find(StunAttribute.PASSWORD_ALGORITHMS);
    int chosen = request.find(StunAttribute.PASSWORD_ALGORITHM);
    if (!NonceSigner.offersAlgorithms(nonce) || (offered < 0 && chosen < 0)) {
      return PasswordAlgorithm.MD5;
    }
    // Both, and the offer as it was made: else somebody between us may have weakened it.
    if (offered < 0
        || chosen < 0
        || request.lengthAt(chosen) != PasswordAlgorithm.ENTRY_BYTES
        || !Arrays.equals(
            request.bytes(StunAttribute.PASSWORD_ALGORITHMS), PasswordAlgorithm.offered())) {
      return null;
    }
    return PasswordAlgorithm.ofEntry(Bytes.int32(request.data(), chosen));
  }

  /** What an error 401 or 438 carries, so that the client can try again (RFC 8489 §9.2.4). */
  void challenge(StunWriter answer, InetSocketAddress client, long nowNs) {
    answer
        .text(StunAttribute.REALM, credentials.realm())
        .text(StunAttribute.NONCE, nonces.make(client, nowNs))
        .bytes(StunAttribute.PASSWORD_ALGORITHMS, PasswordAlgorithm.offered());
  }

  /** An IPv4 address, or the /64 that one IPv6 customer has. */
  private static long network(InetAddress address) {
    IpAddress ip = IpAddress.of(address);
    return ip.ipv6() ? ip.high() : ip.low();
  }
}
