package parley.signalling.access;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys as they are written down: a JWK Set (RFC 7517 §5), one JWK, or public keys in PEM. */
final class KeyText {

  /** An issuer has a handful: the one in use, the one before, the one to come, by algorithm. */
  private static final int MAX_KEYS = 64;

  /** RFC 7518 §3.3. */
  private static final int MIN_RSA_BITS = 2048;

  /** RFC 7518 §3.2: as long as the hash's output. */
  private static final int MIN_HMAC_BITS = 256;

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

  private KeyText() {}

  /**
   * @param where for sentences: the file or URL
   * @throws IOException with a sentence, when there is no key that can be used
   */
  static List<JWK> parse(String text, String where) throws IOException {
    List<JWK> keys = new ArrayList<>();
    try {
      for (JWK key : text.contains("-----BEGIN") ? pem(text) : json(text)) {
        if (isStrong(key) && keys.size() < MAX_KEYS) {
          keys.add(key);
        }
      }
    } catch (ParseException | GeneralSecurityException | IllegalArgumentException e) {
      // Without the parser's own words, which quote what may be a secret.
      throw new IOException(where + " is neither a JWK Set nor public keys in PEM", e);
    }
    if (keys.isEmpty()) {
      throw new IOException(
          where
              + " has no key that can be used; right would be RSA of 2048 bits and more, EC on"
              + " P-256, Ed25519, or a secret of 32 bytes and more");
    }
    return keys;
  }

  private static List<JWK> json(String text) throws ParseException {
    try {
      return JWKSet.parse(text).getKeys();
    } catch (ParseException e) {
      return List.of(JWK.parse(text));
    }
  }

  private static boolean isStrong(JWK key) {
    return switch (key) {
      case RSAKey rsa -> rsa.size() >= MIN_RSA_BITS;
      case ECKey ec -> Curve.P_256.equals(ec.getCurve());
      case OctetKeyPair okp -> Curve.Ed25519.equals(okp.getCurve());
      case OctetSequenceKey secret -> secret.size() >= MIN_HMAC_BITS;
      default -> false;
    };
  }

  static boolean isSecret(JWK key) {
    return KeyType.OCT.equals(key.getKeyType());
  }

  private static List<JWK> pem(String text) throws GeneralSecurityException {
    List<JWK> keys = new ArrayList<>();
    Matcher matcher = PEM.matcher(text);
    while (matcher.find()) {
      keys.add(publicKey(Base64.getMimeDecoder().decode(matcher.group(1))));
    }
    return keys;
  }

  private static JWK publicKey(byte[] encoded) throws GeneralSecurityException {
    var spec = new X509EncodedKeySpec(encoded);
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return switch (KeyFactory.getInstance(algorithm).generatePublic(spec)) {
          case RSAPublicKey rsa -> new RSAKey.Builder(rsa).build();
          case ECPublicKey ec ->
              new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
          case EdECPublicKey ed -> ed25519(ed.getEncoded());
          default -> throw new GeneralSecurityException("another kind of key");
        };
      } catch (java.security.spec.InvalidKeySpecException e) {
        // of another kind
      }
    }
    throw new GeneralSecurityException("another kind of key");
  }

  /** The key is what stands last in its X.509 form (RFC 8410 §4). */
  private static JWK ed25519(byte[] x509) {
    byte[] key = Arrays.copyOfRange(x509, x509.length - Ed25519Verifier.KEY_BYTES, x509.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key)).build();
  }
}
