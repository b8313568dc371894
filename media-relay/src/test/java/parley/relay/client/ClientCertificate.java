package parley.relay.client;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;

/** A self-signed ECDSA P-256 certificate, as browsers make one for every connection. */
public record ClientCertificate(X509CertificateHolder certificate, AsymmetricKeyParameter key) {

  public static ClientCertificate create() {
    try {
      ASN1ObjectIdentifier p256 = SECObjectIdentifiers.secp256r1;
      ECKeyPairGenerator generator = new ECKeyPairGenerator();
      generator.init(
          new ECKeyGenerationParameters(ECNamedDomainParameters.lookup(p256), new SecureRandom()));
      AsymmetricCipherKeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=WebRTC");
      Instant now = Instant.now();
      AlgorithmIdentifier signature =
          new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      return new ClientCertificate(
          new BcX509v3CertificateBuilder(
                  name,
                  new BigInteger(63, new SecureRandom()).add(BigInteger.ONE),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(Duration.ofDays(30))),
                  name,
                  pair.getPublic())
              .build(
                  new BcECContentSignerBuilder(
                          signature, new DefaultDigestAlgorithmIdentifierFinder().find(signature))
                      .build(pair.getPrivate())),
          pair.getPrivate());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As in SDP: {@code sha-256 AB:CD:…}. */
  public String fingerprint() {
    try {
      return fingerprint(certificate.getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String fingerprint(byte[] der) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(der);
      return "sha-256 " + HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
