package parley.signalling.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/** Makes tokens as an identity provider does, honest and otherwise. */
final class Issuer {

  static final String TEAM = "7f0f1a9e-7d63-4b52-9c0e-0d3f9e1b5a01";
  static final String UUID = "6aefcf3b-49f5-4586-8229-d9c52813dcb2";
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final RSAKey RSA = rsa("rsa-1");
  static final RSAKey NEXT_RSA = rsa("rsa-2");
  static final ECKey EC = ec();
  static final KeyPair ED = ed();

  private Issuer() {}

  /** Good in every way. */
  static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://id.example")
        .audience("parley")
        .subject("d-" + UUID)
        .claim("teams", List.of(TEAM))
        .expirationTime(Date.from(NOW.plusSeconds(300)));
  }

  static String rs256(RSAKey key, JWTClaimsSet claims) {
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
        claims,
        signer(() -> new RSASSASigner(key)));
  }

  static String es256(JWTClaimsSet claims) {
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(EC.getKeyID()).build(),
        claims,
        signer(() -> new ECDSASigner(EC)));
  }

  static String hs256(byte[] secret, JWTClaimsSet claims) {
    return sign(new JWSHeader(JWSAlgorithm.HS256), claims, signer(() -> new MACSigner(secret)));
  }

  static String eddsa(JWTClaimsSet claims) {
    String signed = signingInput("{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}", claims);
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(ED.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Any header, any signature. */
  static String forged(String header, JWTClaimsSet claims, String signature) {
    return signingInput(header, claims) + "." + signature;
  }

  static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) {
    var jwt = new SignedJWT(header, claims);
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
    return jwt.serialize();
  }

  static String jwks(JWK... keys) {
    return new JWKSet(Arrays.asList(keys)).toString(true);
  }

  static OctetKeyPair edPublic() {
    byte[] x509 = ED.getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(x509, x509.length - 32, x509.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw)).keyID("ed-1").build();
  }

  private static String signingInput(String header, JWTClaimsSet claims) {
    return Base64URL.encode(header) + "." + Base64URL.encode(claims.toString());
  }

  interface Making<T> {
    T make() throws JOSEException;
  }

  static <T> T signer(Making<T> making) {
    try {
      return making.make();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static RSAKey rsa(String kid) {
    return signer(() -> new RSAKeyGenerator(2048).keyID(kid).generate());
  }

  private static ECKey ec() {
    return signer(() -> new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate());
  }

  private static KeyPair ed() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
