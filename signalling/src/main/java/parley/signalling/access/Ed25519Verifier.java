package parley.signalling.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** EdDSA over Ed25519 (RFC 8037 §3.1) by the JDK: the library's own wants a second library. */
final class Ed25519Verifier extends EdDSAProvider implements JWSVerifier {

  static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /** What stands before the key in its X.509 form (RFC 8410 §4). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;

  Ed25519Verifier(OctetKeyPair pair) throws JOSEException {
    byte[] raw = pair.getDecodedX();
    if (raw.length != KEY_BYTES) {
      throw new JOSEException("an Ed25519 key has 32 bytes");
    }
    byte[] x509 = new byte[X509_PREFIX.length + KEY_BYTES];
    System.arraycopy(X509_PREFIX, 0, x509, 0, X509_PREFIX.length);
    System.arraycopy(raw, 0, x509, X509_PREFIX.length, KEY_BYTES);
    try {
      key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("no Ed25519 key", e);
    }
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
    byte[] bytes = signature.decode();
    if (bytes.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(bytes);
    } catch (SignatureException e) {
      return false; // no point of the curve
    } catch (GeneralSecurityException e) {
      throw new JOSEException("every JDK has Ed25519", e);
    }
  }
}
