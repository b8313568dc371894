package parley.relay.dtls;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.srtp.SrtpProfile;

/** A few handshakes with ourselves: a cold one costs six times a warm one, the first far more. */
final class WarmUp {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  /** Enough to load every class; more would only make the start longer. */
  private static final int HANDSHAKES = 5;

  private WarmUp() {}

  static void run(BcDtlsDriver driver) {
    DtlsCertificate certificate = DtlsCertificate.create();
    Fingerprint client = Objects.requireNonNull(Fingerprint.tryParse(certificate.fingerprint()));
    for (int i = 0; i < HANDSHAKES; i++) {
      SessionLink link = new SessionLink(driver, client);
      try (DtlsSession session = link.session()) {
        new DTLSClientProtocol()
            .connect(
                new SrtpClient(certificate, driver.fingerprint(), List.of(SrtpProfile.values())),
                link)
            .close();
        log.debug("warm-up handshake {}: {}", i, session.outcome() != null);
      } catch (IOException e) {
        log.warn("DTLS does not even shake hands with itself", e);
      }
    }
  }
}
