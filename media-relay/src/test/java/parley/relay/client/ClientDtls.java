package parley.relay.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;

/** The client's side of DTLS-SRTP (RFC 5764), on the thread that calls {@link #handshake}. */
public final class ClientDtls {

  /** RFC 6347 §4.2.4.1: the first flight is repeated after so long, each time after twice that. */
  private static final int RESEND_MS = 1000;

  private final ClientCertificate certificate;
  private final int resendMs;
  private final String serverFingerprint;
  private final List<SrtpProfile> profiles;
  private final Consumer<byte[]> send;
  private final LinkedBlockingQueue<byte[]> inbox = new LinkedBlockingQueue<>(256);
  private @Nullable DTLSTransport association;

  public ClientDtls(
      ClientCertificate certificate,
      String serverFingerprint,
      List<SrtpProfile> profiles,
      Consumer<byte[]> send) {
    this(certificate, serverFingerprint, profiles, send, RESEND_MS);
  }

  /**
   * @param resendMs after so many milliseconds without an answer a flight is sent again, then after
   *     twice that, and so on
   */
  public ClientDtls(
      ClientCertificate certificate,
      String serverFingerprint,
      List<SrtpProfile> profiles,
      Consumer<byte[]> send,
      int resendMs) {
    this.certificate = certificate;
    this.resendMs = resendMs;
    this.serverFingerprint = serverFingerprint;
    this.profiles = profiles;
    this.send = send;
  }

  public void onDatagram(byte[] datagram) {
    boolean _ = inbox.offer(datagram); // full: lost, as the network may lose it
  }

  /** Blocks until there are keys. */
  public SrtpKeys handshake() throws IOException {
    Handshake handshake = new Handshake();
    association = new DTLSClientProtocol().connect(handshake, new Wire());
    SrtpKeys keys = handshake.keys;
    if (keys == null) {
      throw new IOException("no SRTP keys");
    }
    return keys;
  }

  /** Sends close_notify. */
  public void close() throws IOException {
    if (association != null) {
      association.close();
    }
  }

  private final class Wire implements DatagramTransport {
    @Override
    public int getReceiveLimit() {
      return 1500;
    }

    @Override
    public int getSendLimit() {
      return 1200;
    }

    @Override
    public int receive(byte[] into, int offset, int length, int waitMillis) throws IOException {
      try {
        byte[] datagram = inbox.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (datagram == null) {
          return -1;
        }
        int taken = Math.min(length, datagram.length);
        System.arraycopy(datagram, 0, into, offset, taken);
        return taken;
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void send(byte[] data, int offset, int length) {
      send.accept(Arrays.copyOfRange(data, offset, offset + length));
    }

    @Override
    public void close() {}
  }

  private final class Handshake extends DefaultTlsClient {
    @Nullable SrtpKeys keys;
    @Nullable SrtpProfile chosen;

    Handshake() {
      super(new BcTlsCrypto(new SecureRandom()));
    }

    @Override
    public int getHandshakeResendTimeMillis() {
      return resendMs;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes", "JdkObsolete"}) // Bouncy Castle's interface
    public Hashtable getClientExtensions() throws IOException {
      Hashtable extensions = super.getClientExtensions();
      int[] ids = profiles.stream().mapToInt(profile -> profile.id).toArray();
      TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(ids, new byte[0]));
      return extensions;
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"}) // Bouncy Castle's interface
    public void processServerExtensions(Hashtable extensions) throws IOException {
      super.processServerExtensions(extensions);
      UseSRTPData answer = TlsSRTPUtils.getUseSRTPExtension(extensions);
      for (SrtpProfile profile : profiles) {
        if (answer != null && answer.getProtectionProfiles()[0] == profile.id) {
          chosen = profile;
        }
      }
      if (chosen == null) {
        throw new TlsFatalAlert(AlertDescription.illegal_parameter);
      }
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
          byte[] shown = server.getCertificate().getCertificateAt(0).getEncoded();
          if (!ClientCertificate.fingerprint(shown).equals(serverFingerprint)) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
          }
        }

        @Override
        public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
          BcTlsCrypto crypto = (BcTlsCrypto) context.getCrypto();
          TlsCertificate own = new BcTlsCertificate(crypto, certificate.certificate().getEncoded());
          return new BcDefaultTlsCredentialedSigner(
              new TlsCryptoParameters(context),
              crypto,
              certificate.key(),
              new Certificate(new TlsCertificate[] {own}),
              SignatureAndHashAlgorithm.getInstance(
                  HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
        }
      };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      SrtpProfile profile = chosen;
      if (profile == null) {
        throw new TlsFatalAlert(AlertDescription.internal_error);
      }
      int key = profile.keyBytes;
      int salt = profile.saltBytes;
      byte[] all = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
      // RFC 5764 §4.2: client key, server key, client salt, server salt.
      keys =
          new SrtpKeys(
              profile,
              Arrays.copyOfRange(all, 0, key),
              Arrays.copyOfRange(all, 2 * key, 2 * key + salt),
              Arrays.copyOfRange(all, key, 2 * key),
              Arrays.copyOfRange(all, 2 * key + salt, all.length));
    }
  }
}
