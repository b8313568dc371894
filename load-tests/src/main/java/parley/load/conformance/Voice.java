package parley.load.conformance;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parley.relay.client.ClientCertificate;
import parley.relay.client.MediaClient;
import parley.relay.srtp.SrtpProfile;

/** The media of one device: real ICE, DTLS and SRTP, with a voice that can speak. */
final class Voice implements AutoCloseable {

  private static final int PATIENCE_S = 30;

  private final MediaClient client;

  Voice(String name) {
    ClientCertificate certificate = ClientCertificate.create();
    this.client =
        new MediaClient(
            name,
            new InetSocketAddress(0).getAddress(),
            certificate,
            certificate.fingerprint(),
            List.of(SrtpProfile.values()));
  }

  String offer() {
    return client.offer(1);
  }

  String fingerprint() {
    return client.fingerprint();
  }

  /** Returns when audio can flow. */
  void connect(String answer) throws Missing, InterruptedException {
    client.connect(answer);
    try {
      client.connected().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Missing("media of " + client.name() + " did not connect: " + e);
    }
  }

  void speak(boolean on) {
    client.speak(on);
  }

  @Override
  public void close() {
    client.close();
  }
}
