package parley.relay.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;

/** The client's end of a DTLS-SRTP handshake, as a browser would hold it: warms up and tests. */
final class SrtpClient extends DefaultTlsClient {

  /** As Chromium: it does not wait a second either. */
  private static final int FIRST_RETRANSMIT_MS = 100;

  private static final int HANDSHAKE_TIMEOUT_MS = 30_000;

  private final BcTlsCrypto crypto;
  private final DtlsCertificate certificate;
  private final String serverFingerprint;
  private final List<SrtpProfile> profiles;
  private @Nullable SrtpProfile profile;
  private @Nullable SrtpKeys keys;

  SrtpClient(DtlsCertificate certificate, String serverFingerprint, List<SrtpProfile> profiles) {
    this(new BcTlsCrypto(new SecureRandom()), certificate, serverFingerprint, profiles);
  }

  private SrtpClient(
      BcTlsCrypto crypto,
      DtlsCertificate certificate,
      String serverFingerprint,
      List<SrtpProfile> profiles) {
    super(crypto);
    this.crypto = crypto;
    this.certificate = certificate;
    this.serverFingerprint = serverFingerprint;
    this.profiles = profiles;
  }

  /** Once the handshake is complete. */
  SrtpKeys keys() {
    return Objects.requireNonNull(keys);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return HANDSHAKE_TIMEOUT_MS;
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return FIRST_RETRANSMIT_MS;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"}) // the library's signature
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    if (!profiles.isEmpty()) {
      int[] ids = profiles.stream().mapToInt(profile -> profile.id).toArray();
      TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(ids, TlsUtils.EMPTY_BYTES));
    }
    return extensions;
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
        byte[] der = server.getCertificate().getCertificateAt(0).getEncoded();
        Fingerprint expected = Fingerprint.tryParse(serverFingerprint);
        if (expected == null || !expected.matches(der)) {
          throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        TlsCertificate[] chain = {crypto.createCertificate(certificate.der())};
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            crypto,
            certificate.privateKey(),
            new Certificate(chain),
            SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      }
    };
  }

  @Override
  @SuppressWarnings("rawtypes") // the library's signature
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    UseSRTPData chosen = TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
    profile = chosen == null ? null : SrtpNegotiation.choose(chosen.getProtectionProfiles());
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    if (profile != null) {
      keys = SrtpNegotiation.export(context, profile, false);
    }
  }
}
