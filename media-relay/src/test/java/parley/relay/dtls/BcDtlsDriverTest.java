package parley.relay.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;

/** Real handshakes with Bouncy Castle's client; its clock is the machine's. */
@Timeout(60)
class BcDtlsDriverTest {

  private static final DtlsCertificate SERVER = DtlsCertificate.create();
  private static final DtlsCertificate CLIENT = DtlsCertificate.create();
  private static final List<SrtpProfile> BOTH = List.of(SrtpProfile.values());

  private final BcDtlsDriver driver = new BcDtlsDriver(SERVER, 4);

  @AfterEach
  void close() {
    driver.close();
    await(() -> driver.sessions() == 0);
  }

  @Test
  void bothSidesGetTheSameKeysTheOtherWayRound() throws IOException {
    SessionLink link = link();

    SrtpKeys client = handshake(link, BOTH);

    DtlsOutcome.Connected connected = connected(link.session());
    assertMirrored(connected.keys(), client);
    assertThat(connected.fingerprint()).isEqualTo(CLIENT.fingerprint());
    assertThat(driver.connectedHandshakes()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void speaksEachProfile(SrtpProfile profile) throws IOException {
    SessionLink link = link();

    SrtpKeys client = handshake(link, List.of(profile));

    SrtpKeys server = connected(link.session()).keys();
    assertThat(server.profile()).isEqualTo(profile);
    assertThat(server.localKey()).hasSize(profile.keyBytes);
    assertThat(server.localSalt()).hasSize(profile.saltBytes);
    assertMirrored(server, client);
  }

  @Test
  void prefersOurOrderOfProfiles() throws IOException {
    SessionLink link = link();

    handshake(link, List.of(SrtpProfile.AES_CM_128_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM));

    assertThat(connected(link.session()).keys().profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
  }

  @Test
  void refusesAClientWithoutAnSrtpProfile() {
    SessionLink link = link();

    assertThatThrownBy(() -> handshake(link, List.of())).isInstanceOf(IOException.class);

    assertThat(failure(link.session())).contains("AEAD_AES_128_GCM");
  }

  @Test
  void refusesACertificateThatTheSdpDidNotPromise() {
    SessionLink link = new SessionLink(driver, fingerprintOf(DtlsCertificate.create()));

    assertThatThrownBy(() -> handshake(link, BOTH)).isInstanceOf(IOException.class);

    assertThat(failure(link.session()))
        .isEqualTo("The client's certificate is not the one whose fingerprint stands in its SDP.");
    assertThat(driver.failedHandshakes()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha-256", "sha-384", "sha-512"})
  void acceptsEveryStrongFingerprint(String algorithm) throws IOException {
    SessionLink link = new SessionLink(driver, Fingerprint.of(algorithm, CLIENT.der()));

    handshake(link, BOTH);

    assertThat(connected(link.session()).fingerprint()).startsWith(algorithm);
  }

  @Test
  void readsAClientHelloInSeveralDatagrams() throws IOException {
    SessionLink link =
        new SessionLink(driver, fingerprintOf(CLIENT)) {
          @Override
          public int getSendLimit() {
            return 90; // every message of the client in pieces, its ClientHello in three
          }
        };

    SrtpKeys client = handshake(link, BOTH);

    assertMirrored(connected(link.session()).keys(), client);
  }

  @Test
  void survivesGarbageBetweenTheDatagrams() throws IOException {
    Random random = new Random(7);
    SessionLink link =
        new SessionLink(driver, fingerprintOf(CLIENT)) {
          @Override
          public void send(byte[] buffer, int offset, int length) {
            byte[] garbage = new byte[1 + random.nextInt(300)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (20 + random.nextInt(44));
            session().onDatagram(garbage, 0, garbage.length);
            byte[] mutated = new byte[length];
            System.arraycopy(buffer, offset, mutated, 0, length);
            mutated[11] ^= 0x40; // the record's length
            session().onDatagram(mutated, 0, length);
            session().onDatagram(new byte[5000], 0, 5000);
            super.send(buffer, offset, length);
          }
        };

    SrtpKeys client = handshake(link, BOTH);

    assertMirrored(connected(link.session()).keys(), client);
    assertThat(driver.droppedDatagrams()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3})
  void getsThroughWithAThirdOfTheDatagramsLost(long seed) throws IOException {
    SessionLink link = new LossyLink(driver, fingerprintOf(CLIENT), seed);

    SrtpKeys client = handshake(link, BOTH);

    assertMirrored(connected(link.session()).keys(), client);
  }

  @Test
  void repeatsItsLastFlightForAClientThatMissedIt() throws IOException {
    SessionLink link =
        new SessionLink(driver, fingerprintOf(CLIENT)) {
          private int toDrop = 2;

          @Override
          public int receive(byte[] buffer, int offset, int length, int waitMs) {
            int received = super.receive(buffer, offset, length, waitMs);
            // Our side is done once it has sent its ChangeCipherSpec and Finished.
            boolean last = received > 0 && session().outcome() != null;
            return last && toDrop-- > 0 ? -1 : received;
          }
        };

    SrtpKeys client = handshake(link, BOTH);

    assertMirrored(connected(link.session()).keys(), client);
  }

  @Test
  void keepsNoThreadAfterTheHandshake() throws IOException {
    SessionLink link = link();
    handshake(link, BOTH);
    connected(link.session());

    await(() -> driver.runningThreads() == 0);
    assertThat(driver.sessions()).isEqualTo(1);
  }

  @Test
  void noticesThatTheClientSaysGoodbye() throws IOException {
    SessionLink link = link();
    DTLSTransport client = connect(link, BOTH, null);
    connected(link.session());

    client.close();

    await(() -> link.session().outcome() instanceof DtlsOutcome.Closed);
    await(() -> driver.sessions() == 0);
  }

  @Test
  void saysGoodbyeWhenClosed() throws IOException {
    SessionLink link = link();
    DTLSTransport client = connect(link, BOTH, null);
    connected(link.session());
    await(() -> driver.runningThreads() == 0);

    link.session().close();

    byte[] goodbye = Objects.requireNonNull(link.session().pollTransmit());
    assertThat(goodbye[0]).isEqualTo((byte) 21); // an alert record
    assertThat(client.receive(new byte[100], 0, 100, 1)).isNegative();
    assertThat(driver.sessions()).isZero();
  }

  @Test
  void closingEndsAHandshakeThatWaits() {
    DtlsSession session = driver.accept(fingerprintOf(CLIENT), () -> {});
    session.onDatagram(new byte[] {22, 1, 2}, 0, 3);

    session.close();

    await(() -> driver.runningThreads() == 0);
    assertThat(driver.sessions()).isZero();
  }

  @Test
  void startsNoThreadForAnythingButAHandshake() {
    DtlsSession session = driver.accept(fingerprintOf(CLIENT), () -> {});

    session.onDatagram(new byte[] {21, 1, 2}, 0, 3);
    session.onDatagram(new byte[0], 0, 0);

    assertThat(driver.runningThreads()).isZero();
    assertThat(driver.droppedDatagrams()).isEqualTo(2);
  }

  @Test
  void silentClientsKeepNobodyWaiting() throws IOException {
    for (int i = 0; i < 20; i++) {
      driver
          .accept(fingerprintOf(CLIENT), () -> {})
          .onDatagram(new byte[] {22, (byte) 0xfe, (byte) 0xfd}, 0, 3);
    }
    SessionLink link = link();

    handshake(link, BOTH);

    assertThat(connected(link.session())).isNotNull();
  }

  @Test
  void twoHundredHandshakesAtOnce() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Callable<Boolean> one =
            () -> {
              SessionLink link = link();
              SrtpKeys client = handshake(link, BOTH);
              assertMirrored(connected(link.session()).keys(), client);
              return true;
            };
        results.add(clients.submit(one));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
    assertThat(driver.connectedHandshakes()).isEqualTo(200);
    await(() -> driver.runningThreads() == 0);
  }

  @Test
  void warmsUpAndLeavesNothingBehind() {
    driver.warm();

    assertThat(driver.connectedHandshakes()).isEqualTo(5);
    await(() -> driver.sessions() == 0 && driver.runningThreads() == 0);
  }

  @Test
  void keepsDatagramsWithinTheSmallestPath() throws IOException {
    SessionLink link =
        new SessionLink(driver, fingerprintOf(CLIENT)) {
          @Override
          public int receive(byte[] buffer, int offset, int length, int waitMs) {
            int received = super.receive(buffer, offset, length, waitMs);
            assertThat(received).isLessThanOrEqualTo(1200);
            return received;
          }
        };

    handshake(link, BOTH);

    assertThat(connected(link.session())).isNotNull();
  }

  /** Drops a third of what goes either way, always the same for one seed. */
  private static final class LossyLink extends SessionLink {
    private final Random random;

    LossyLink(DtlsDriver driver, Fingerprint client, long seed) {
      super(driver, client);
      random = new Random(seed);
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMs) {
      int received = super.receive(buffer, offset, length, waitMs);
      return received > 0 && random.nextInt(3) == 0 ? -1 : received;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
      if (random.nextInt(3) != 0) {
        super.send(buffer, offset, length);
      }
    }
  }

  private SessionLink link() {
    return new SessionLink(driver, fingerprintOf(CLIENT));
  }

  private static SrtpKeys handshake(SessionLink link, List<SrtpProfile> profiles)
      throws IOException {
    SrtpClient client = new SrtpClient(CLIENT, SERVER.fingerprint(), profiles);
    connect(link, profiles, client);
    return client.keys();
  }

  private static DTLSTransport connect(
      SessionLink link, List<SrtpProfile> profiles, @Nullable SrtpClient client)
      throws IOException {
    SrtpClient or =
        client == null ? new SrtpClient(CLIENT, SERVER.fingerprint(), profiles) : client;
    return new DTLSClientProtocol().connect(or, link);
  }

  private static DtlsOutcome.Connected connected(DtlsSession session) {
    await(() -> session.outcome() != null);
    assertThat(session.outcome()).isInstanceOf(DtlsOutcome.Connected.class);
    return (DtlsOutcome.Connected) Objects.requireNonNull(session.outcome());
  }

  private static String failure(DtlsSession session) {
    await(() -> session.outcome() != null);
    assertThat(session.outcome()).isInstanceOf(DtlsOutcome.Failed.class);
    return ((DtlsOutcome.Failed) Objects.requireNonNull(session.outcome())).reason();
  }

  private static void assertMirrored(SrtpKeys server, SrtpKeys client) {
    assertThat(server.profile()).isEqualTo(client.profile());
    assertThat(server.localKey()).isEqualTo(client.remoteKey()).isNotEqualTo(client.localKey());
    assertThat(server.localSalt()).isEqualTo(client.remoteSalt());
    assertThat(server.remoteKey()).isEqualTo(client.localKey());
    assertThat(server.remoteSalt()).isEqualTo(client.localSalt());
  }

  private static Fingerprint fingerprintOf(DtlsCertificate certificate) {
    return Objects.requireNonNull(Fingerprint.tryParse(certificate.fingerprint()));
  }

  private static void await(Callable<Boolean> condition) {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    try {
      while (!condition.call()) {
        assertThat(System.nanoTime()).as("waited 30 s").isLessThan(deadlineNs);
        Thread.onSpinWait();
        Thread.yield();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
