package parley.relay.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;

/**
 * What the relay insists on in a handshake: DTLS 1.2, forward secrecy with AES-GCM, extended master
 * secret (no key export without it, RFC 7627 §5.4), an SRTP profile, and the client certificate
 * that the peer's SDP promised.
 */
final class SrtpServer extends DefaultTlsServer {

  /** Nobody sane takes longer; whoever does holds memory. */
  private static final int HANDSHAKE_TIMEOUT_MS = 30_000;

  /** RFC 6347 §4.2.4.1 says a second; on a path for speech that is a second of silence. */
  private static final int FIRST_RETRANSMIT_MS = 300;

  private static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  };

  private static final int[] GROUPS = {
    NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1
  };

  private final BcTlsCrypto crypto;
  private final DtlsCertificate certificate;
  private final Certificate chain;
  private final Fingerprint expected;
  private @Nullable SrtpProfile profile;
  private @Nullable SrtpKeys keys;
  private @Nullable String refusal;
  private boolean wrongFingerprint;
  private boolean peerSaidGoodbye;

  /**
   * @param chain the certificate, parsed: the same for all
   */
  SrtpServer(
      BcTlsCrypto crypto, DtlsCertificate certificate, Certificate chain, Fingerprint expected) {
    super(crypto);
    this.crypto = crypto;
    this.certificate = certificate;
    this.chain = chain;
    this.expected = expected;
  }

  /** Null before the handshake has completed. */
  @Nullable SrtpKeys keys() {
    return keys;
  }

  /** Why we refused the client, in a sentence; null if we did not. */
  @Nullable String refusal() {
    return refusal;
  }

  /** Whether we refused its certificate. */
  boolean wrongFingerprint() {
    return wrongFingerprint;
  }

  boolean peerSaidGoodbye() {
    return peerSaidGoodbye;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return CIPHER_SUITES.clone();
  }

  @Override
  protected boolean preferLocalCipherSuites() {
    return true;
  }

  @Override
  public int[] getSupportedGroups() {
    return GROUPS.clone();
  }

  /** Browsers list a post-quantum group first, which DTLS 1.2 cannot use: our order counts. */
  @Override
  protected int selectECDH(int minimumCurveBits) {
    int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
    for (int group : GROUPS) {
      if (offered == null || contains(offered, group)) {
        return offered == null ? NamedGroup.secp256r1 : group;
      }
    }
    return -1;
  }

  private static boolean contains(int[] values, int value) {
    for (int candidate : values) {
      if (candidate == value) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
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
  @SuppressWarnings("rawtypes") // the library's signature
  public void processClientExtensions(@Nullable Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    UseSRTPData offer =
        clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
    profile = offer == null ? null : SrtpNegotiation.choose(offer.getProtectionProfiles());
    if (profile == null) {
      throw refuse(
          AlertDescription.handshake_failure,
          "The client offers neither AEAD_AES_128_GCM nor AES_CM_128_HMAC_SHA1_80 for SRTP.");
    }
  }

  @Override
  @SuppressWarnings("rawtypes") // the library's signature
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    if (profile != null) {
      TlsSRTPUtils.addUseSRTPExtension(
          extensions, new UseSRTPData(new int[] {profile.id}, TlsUtils.EMPTY_BYTES));
    }
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        certificate.privateKey(),
        chain,
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
    Vector<?> algorithms = TlsUtils.getDefaultSupportedSignatureAlgorithms(context);
    return new CertificateRequest(types, algorithms, null);
  }

  /** Nobody signed it but the client: its fingerprint is all there is (RFC 8827 §6.5). */
  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      throw refuse(AlertDescription.bad_certificate, "The client did not present a certificate.");
    }
    if (!expected.matches(chain.getCertificateAt(0).getEncoded())) {
      wrongFingerprint = true;
      throw refuse(
          AlertDescription.bad_certificate,
          "The client's certificate is not the one whose fingerprint stands in its SDP.");
    }
  }

  private TlsFatalAlert refuse(short alert, String sentence) {
    refusal = sentence;
    return new TlsFatalAlert(alert, sentence);
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    if (profile != null) {
      keys = SrtpNegotiation.export(context, profile, true);
    }
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    if (description == AlertDescription.close_notify || level == AlertLevel.fatal) {
      peerSaidGoodbye = true;
    }
  }
}
