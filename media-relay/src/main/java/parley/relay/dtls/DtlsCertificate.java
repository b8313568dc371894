package parley.relay.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;

/**
 * A self-signed ECDSA P-256 certificate (RFC 8827 §6.5). It is made at start and never stored:
 * peers trust it because its fingerprint stands in our SDP, so its name and dates mean nothing.
 */
public final class DtlsCertificate {

  /** Longer than any process runs; no WebRTC endpoint looks at it. */
  private static final Duration VALIDITY = Duration.ofDays(365);

  /** Clocks differ. */
  private static final Duration BACKDATE = Duration.ofDays(1);

  private final byte[] der;
  private final AsymmetricKeyParameter privateKey;
  private final Fingerprint fingerprint;

  private DtlsCertificate(byte[] der, AsymmetricKeyParameter privateKey) {
    this.der = der;
    this.privateKey = privateKey;
    this.fingerprint = Fingerprint.of("sha-256", der);
  }

  public static DtlsCertificate create() {
    SecureRandom random = new SecureRandom();
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(
        new ECKeyGenerationParameters(
            new ECNamedDomainParameters(
                SECObjectIdentifiers.secp256r1,
                CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1)),
            random));
    AsymmetricCipherKeyPair keys = generator.generateKeyPair();
    try {
      return new DtlsCertificate(selfSigned(keys, random), keys.getPrivate());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make the DTLS certificate", e);
    }
  }

  private static byte[] selfSigned(AsymmetricCipherKeyPair keys, SecureRandom random)
      throws IOException, OperatorCreationException {
    X500Name name = new X500Name("CN=WebRTC"); // as everyone's, so that it tells nothing
    Instant now = Instant.now();
    AlgorithmIdentifier signature =
        new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
    AlgorithmIdentifier digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
    return new X509v3CertificateBuilder(
            name,
            new BigInteger(63, random).add(BigInteger.ONE),
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(VALIDITY)),
            name,
            SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(keys.getPublic()))
        .build(new BcECContentSignerBuilder(signature, digest).build(keys.getPrivate()))
        .getEncoded();
  }

  /** As in SDP: {@code sha-256 AB:CD:…}. */
  public String fingerprint() {
    return fingerprint.sdpValue();
  }

  byte[] der() {
    return der.clone();
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }
}
