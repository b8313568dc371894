package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.Drop;
import parley.relay.LegOutcome;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.client.ClientCertificate;
import parley.relay.client.MediaClient;
import parley.relay.client.VoicePacket;
import parley.relay.srtp.SrtpProfile;

/** Calls through real sockets: ICE, DTLS and SRTP as a browser would do them. */
class CallTest {

  /** Two seconds of speech: enough for every loudest speaker to have had his turn. */
  private static final int SPOKEN = 100;

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static final String WRONG_FINGERPRINT = "sha-256 " + "00:".repeat(31) + "00";

  @TempDir Path recordings;
  private RunningRelay running;

  @BeforeEach
  void start() {
    running = new RunningRelay(recordings);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void twoHearEachOtherWithEitherProfile(SrtpProfile profile) throws Exception {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1, profile);
    MediaClient bob = running.join(call, "bob", 1, profile);
    alice.speak(true);
    bob.speak(true);

    await("both heard", () -> alice.heardFrom("bob") >= 20 && bob.heardFrom("alice") >= 20);

    assertThat(alice.connected().get().profile()).isEqualTo(profile);
    assertThat(alice.heardFrom("alice")).isZero();
    assertThat(bob.heardFrom("bob")).isZero();
    assertThat(alice.refusedHere()).isZero();
    assertThat(running.last(RelayEvent.Connected.class, call, "alice").fingerprint())
        .isEqualTo(alice.fingerprint());
  }

  @Test
  void prefersGcm() throws Exception {
    MediaClient alice =
        running.join(
            running.open(false),
            "alice",
            1,
            SrtpProfile.AES_CM_128_HMAC_SHA1_80,
            SrtpProfile.AEAD_AES_128_GCM);

    assertThat(alice.connected().get().profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
  }

  @ParameterizedTest
  @EnumSource(UdpTransport.class)
  void worksOnEveryTransport(UdpTransport transport) {
    try (RunningRelay other = new RunningRelay(RunningRelay.config(recordings), transport)) {
      CallId call = other.open(false);
      MediaClient alice = other.join(call, "alice", 1);
      MediaClient bob = other.join(call, "bob", 1);
      alice.speak(true);

      await("alice heard", () -> bob.heardFrom("alice") >= 20);
    }
  }

  @Test
  void worksOnIpv6() {
    InetAddress loopback = InetAddress.ofLiteral("::1");
    Assumptions.assumeTrue(hasIpv6(loopback));
    try (RunningRelay other =
        new RunningRelay(
            RunningRelay.config(recordings, "::1", 0, Duration.ofSeconds(30)),
            UdpTransport.best())) {
      CallId call = other.open(false);
      MediaClient alice = ipv6Client(other, "alice", loopback);
      MediaClient bob = ipv6Client(other, "bob", loopback);
      other.offer(call, alice, 1);
      other.offer(call, bob, 1);
      alice.speak(true);

      await("alice heard", () -> bob.heardFrom("alice") >= 20);
    }
  }

  @Test
  void fiveHearEachOtherButNotThemselves() {
    CallId call = running.open(false);
    List<MediaClient> clients = new ArrayList<>();
    for (String name : List.of("alice", "bob", "carol", "dave", "erin")) {
      clients.add(running.join(call, name, 3));
    }

    for (MediaClient speaker : clients) {
      speaker.speak(true);
      for (MediaClient listener : clients) {
        if (listener != speaker) {
          await(
              listener.name() + " heard " + speaker.name(),
              () -> listener.heardFrom(speaker.name()) >= 10);
        }
      }
      speaker.speak(false);
    }

    for (MediaClient client : clients) {
      assertThat(client.heardFrom(client.name())).isZero();
    }
  }

  @Test
  void aMutedDeviceIsNotHeardAlthoughItSends() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    MediaClient carol = running.join(call, "carol", 1);
    alice.speak(true);
    bob.speak(true);
    await("alice heard", () -> carol.heardFrom("alice") >= 10);

    running.command(new RelayCommand.Mute(call, new PeerId("alice"), true));
    // Bob's packets come behind Alice's: when they show, the command has been carried out.
    carol.forget();
    await("bob heard", () -> carol.heardFrom("bob") >= 10);
    carol.forget();
    await("bob heard on", () -> carol.heardFrom("bob") >= SPOKEN / 2);

    assertThat(carol.heardFrom("alice")).isZero();

    running.command(new RelayCommand.Mute(call, new PeerId("alice"), false));
    await("alice heard again", () -> carol.heardFrom("alice") >= 10);
  }

  @Test
  void tellsWhoTalks() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    running.join(call, "bob", 1);
    alice.speak(true);

    await("talking", () -> running.count(RelayEvent.Talking.class, call, "alice") == 1);
    alice.speak(false);
    await("silent", () -> running.count(RelayEvent.Talking.class, call, "alice") == 2);

    assertThat(running.last(RelayEvent.Talking.class, call, "alice").talking()).isFalse();
  }

  @Test
  void sendsRtcpReports() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    alice.speak(true);

    await("reports", () -> alice.rtcpReceived() > 0 && bob.rtcpReceived() > 0);
  }

  @Test
  void refusesAClientWithAnotherCertificateThanItsOfferSays() {
    CallId call = running.open(false);
    MediaClient bob = running.join(call, "bob", 1);
    MediaClient mallory =
        running.client("mallory", LOOPBACK, ClientCertificate.create(), WRONG_FINGERPRINT);
    running.offer(call, mallory, 1);
    bob.speak(true);
    mallory.speak(true);

    await("gone", () -> running.count(RelayEvent.Gone.class, call, "mallory") == 1);

    assertThat(running.last(RelayEvent.Gone.class, call, "mallory").reason())
        .contains("fingerprint");
    assertThat(running.count(RelayEvent.Connected.class, call, "mallory")).isZero();
    assertThat(mallory.heard()).isEmpty();
    assertThat(bob.heard()).isEmpty();
    assertThat(running.relay.metrics().legs(LegOutcome.HANDSHAKE_FAILED)).isEqualTo(1);
  }

  @Test
  void refusesAnOfferThatIsNone() {
    CallId call = running.open(false);
    running.command(
        new RelayCommand.Offer(
            call, new PeerId("alice"), RunningRelay.info("alice"), "hello", false, false));

    await("refused", () -> running.count(RelayEvent.Refused.class, call, "alice") == 1);
  }

  @Test
  void anIceRestartKeepsMediaAndKeys() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    alice.speak(true);
    bob.speak(true);
    await("both heard", () -> bob.heardFrom("alice") >= 10 && alice.heardFrom("bob") >= 10);

    running.offer(call, alice, 1);
    int answered = alice.checksAnswered();
    await("new checks answered", () -> alice.checksAnswered() > answered + 3);
    long before = bob.heardFrom("alice");
    await("alice still heard", () -> bob.heardFrom("alice") >= before + 20);

    // Not a packet is missing on either way, so there is no gap at all.
    assertThat(gaps(bob)).isZero();
    assertThat(gaps(alice)).isZero();

    assertThat(running.count(RelayEvent.Connected.class, call, "alice")).isEqualTo(1);
    assertThat(running.count(RelayEvent.Gone.class, call, "alice")).isZero();
    assertThat(running.drops(Drop.SRTP_REFUSED)).isZero();
  }

  @Test
  void aNewConnectionOfTheSameDeviceTakesOverOnceItIsConnected() {
    CallId call = running.open(false);
    MediaClient before = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    before.speak(true);
    bob.speak(true);
    await("alice heard", () -> bob.heardFrom("alice") >= 10);

    MediaClient after = running.client("alice");
    String answer = running.answer(call, "alice", after.offer(1));
    bob.forget();
    await("the old one still serves", () -> bob.heardFrom("alice") >= 10);
    after.connect(answer);
    after.speak(true);
    await("taken over", () -> running.count(RelayEvent.Connected.class, call, "alice") == 2);
    before.speak(false);
    before.forget();
    bob.forget();
    await("the new one", () -> bob.heardFrom("alice") >= 10 && after.heardFrom("bob") >= 10);

    assertThat(running.count(RelayEvent.Gone.class, call, "alice")).isZero();
    assertThat(running.relay.metrics().legs(LegOutcome.REPLACED)).isEqualTo(1);
  }

  @Test
  void aClientThatBeginsAnewWithTheSameCertificateGetsNewKeys() {
    CallId call = running.open(false);
    ClientCertificate certificate = ClientCertificate.create();
    MediaClient before = running.client("alice", LOOPBACK, certificate, certificate.fingerprint());
    running.offer(call, before, 1);
    running.awaitConnected(call, before);
    MediaClient bob = running.join(call, "bob", 1);
    bob.speak(true);
    before.check(false);

    MediaClient after = running.client("alice", LOOPBACK, certificate, certificate.fingerprint());
    running.offer(call, after, 1);
    after.speak(true);
    await("both heard", () -> after.heardFrom("bob") >= 10 && bob.heardFrom("alice") >= 10);

    assertThat(running.count(RelayEvent.Connected.class, call, "alice")).isEqualTo(2);
    assertThat(running.count(RelayEvent.Gone.class, call, "alice")).isZero();
  }

  @Test
  void recordsWhatWasSaid() throws Exception {
    CallId call = running.open(true);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    alice.speak(true);
    await("alice heard", () -> bob.heardFrom("alice") >= 25);

    running.command(new RelayCommand.Close(call, "done"));
    await("ready", () -> running.events().stream().anyMatch(CallTest::isReady));

    RelayEvent.RecordingReady ready =
        running.events().stream()
            .filter(RelayEvent.RecordingReady.class::isInstance)
            .map(RelayEvent.RecordingReady.class::cast)
            .findFirst()
            .orElseThrow();
    try (Stream<Path> files = Files.list(ready.directory())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.contains("alice"))
          .contains("call.json");
    }
  }

  private static boolean isReady(RelayEvent event) {
    return event instanceof RelayEvent.RecordingReady;
  }

  @Test
  void whoLeavesHearsNothingMore() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    MediaClient carol = running.join(call, "carol", 1);
    carol.speak(true);
    await("carol heard", () -> alice.heardFrom("carol") >= 10);

    running.command(new RelayCommand.Leave(call, new PeerId("alice"), "enough"));
    bob.forget();
    await("carol heard by bob", () -> bob.heardFrom("carol") >= 10);
    alice.forget();
    bob.forget();
    await("carol heard on", () -> bob.heardFrom("carol") >= 20);

    assertThat(alice.heard()).isEmpty();
    assertThat(running.count(RelayEvent.Gone.class, call, "alice")).isZero();
  }

  @Test
  void goodbyeInDtlsIsOnlyAHint() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    bob.speak(true);
    await("bob heard", () -> alice.heardFrom("bob") >= 10);

    alice.sayGoodbye();
    await("no path", () -> running.drops(Drop.NO_PATH) > 10);

    assertThat(running.count(RelayEvent.Gone.class, call, "alice")).isZero();
  }

  private static MediaClient ipv6Client(RunningRelay relay, String name, InetAddress loopback) {
    ClientCertificate certificate = ClientCertificate.create();
    return relay.client(name, loopback, certificate, certificate.fingerprint());
  }

  private static boolean hasIpv6(InetAddress address) {
    try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(address, 0))) {
      return probe.isBound();
    } catch (SocketException e) {
      return false;
    }
  }

  /** How many numbers are missing in what a client heard. */
  private static int gaps(MediaClient client) {
    int missing = 0;
    int before = -1;
    for (VoicePacket packet : client.heard()) {
      missing += before < 0 ? 0 : (short) (packet.sequence() - before) - 1;
      before = packet.sequence();
    }
    return missing;
  }
}
