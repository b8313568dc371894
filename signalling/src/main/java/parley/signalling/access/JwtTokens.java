package parley.signalling.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import parley.signalling.callback.CallbackClient;
import parley.signalling.directory.Account;

/**
 * Signed tokens: JWT (RFC 7519) after its best current practices (RFC 8725). Keys are taken from
 * where the settings say and nowhere else: {@code jku}, {@code x5u}, {@code jwk} and {@code x5c} in
 * a token are not looked at, and {@code kid} is compared, never opened as anything.
 */
public final class JwtTokens implements TokenCheck {

  /** Also the name that RFC 9864 gives to EdDSA over Ed25519. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.HS256,
          JWSAlgorithm.RS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.EdDSA,
          JWSAlgorithm.Ed25519);

  /** A token of another kind that the same issuer signs is none of ours (RFC 8725 §3.11). */
  private static final Set<String> TYPES = Set.of("JWT", "AT+JWT", "APPLICATION/AT+JWT");

  /** Signatures tried for a token that names no key. */
  private static final int MAX_TRIES = 8;

  private final List<KeyRing> rings;
  private final JwtRules rules;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Runnable onClose;

  JwtTokens(List<KeyRing> rings, JwtRules rules, InstantSource clock, Runnable onClose) {
    this.rings = List.copyOf(rings);
    this.rules = rules;
    this.clock = clock;
    this.onClose = onClose;
    rings.forEach(KeyRing::begin);
  }

  /**
   * @param client which this closes at its end
   * @throws IOException with a sentence, when a file of keys cannot be used
   */
  public static JwtTokens open(JwtKeys keys, JwtRules rules, CallbackClient client)
      throws IOException {
    return new JwtTokens(keys.rings(client), rules, InstantSource.system(), client::close);
  }

  @Override
  public CompletableFuture<Verdict> check(String token) {
    SignedJWT jwt = parse(token);
    return jwt == null
        ? CompletableFuture.completedFuture(new Verdict.Unknown("no signed JWT"))
        : CompletableFuture.supplyAsync(() -> verify(jwt), threads);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    onClose.run();
  }

  /** Null also for alg "none", which is no signature (RFC 8725 §3.2). */
  private static @Nullable SignedJWT parse(String token) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWSHeader header = jwt.getHeader();
      boolean typeIsOurs =
          header.getType() == null
              || TYPES.contains(header.getType().getType().toUpperCase(Locale.ROOT));
      // Nothing that is critical to understand is understood here (RFC 7515 §4.1.11).
      boolean plain = header.getCriticalParams() == null && header.isBase64URLEncodePayload();
      return typeIsOurs && plain && ALGORITHMS.contains(header.getAlgorithm()) ? jwt : null;
    } catch (ParseException | RuntimeException e) {
      return null; // a library's parser, on what a stranger sent
    }
  }

  private Verdict verify(SignedJWT jwt) {
    try {
      boolean signed = false;
      String unreadable = null;
      for (KeyRing ring : rings) {
        try {
          signed = signed || isSigned(jwt, ring.matching(jwt.getHeader()));
        } catch (KeyRing.Unreadable e) {
          unreadable = e.getMessage();
        }
      }
      if (signed) {
        return judge(jwt.getJWTClaimsSet());
      }
      return unreadable == null
          ? new Verdict.Unknown("not signed by a known key")
          : new Verdict.Unavailable(unreadable);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Verdict.Unavailable("stopping");
    } catch (ParseException | RuntimeException e) {
      return new Verdict.Unknown("cannot be read");
    }
  }

  private static boolean isSigned(SignedJWT jwt, List<JWK> keys) {
    return keys.stream().limit(MAX_TRIES).anyMatch(key -> isSigned(jwt, key));
  }

  private static boolean isSigned(SignedJWT jwt, JWK key) {
    try {
      JWSVerifier verifier =
          switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa);
            case ECKey ec -> new ECDSAVerifier(ec);
            case OctetSequenceKey secret -> new MACVerifier(secret);
            case OctetKeyPair pair -> new Ed25519Verifier(pair);
            default -> null;
          };
      return verifier != null && jwt.verify(verifier);
    } catch (JOSEException e) {
      return false; // the algorithm is not the key's
    }
  }

  private Verdict judge(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    if (expires == null || !now.isBefore(expires.toInstant().plus(rules.skew()))) {
      return new Verdict.Unknown(expires == null ? "never expires" : "expired");
    }
    Date begins = claims.getNotBeforeTime();
    if (begins != null && now.isBefore(begins.toInstant().minus(rules.skew()))) {
      return new Verdict.Unknown("not valid yet");
    }
    if (!rules.issuer().isEmpty() && !rules.issuer().equals(claims.getIssuer())) {
      return new Verdict.Unknown("of another issuer");
    }
    if (!rules.audience().isEmpty() && !claims.getAudience().contains(rules.audience())) {
      return new Verdict.Unknown("for another audience");
    }
    Account account = rules.claims().account(claims.getClaims());
    return account == null
        ? new Verdict.Unknown("its claims name no contact of a team")
        : new Verdict.Known(account);
  }
}
