package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.Fault;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.client.Ailments;
import parley.relay.client.ClientCertificate;
import parley.relay.client.MediaClient;

/**
 * Everything that can go wrong between a client and the relay, made on purpose, each in a call of
 * its own, all at the same time: the sentence about Anna names the cause. Real sockets, ICE, DTLS
 * and SRTP.
 */
class FaultsTest {

  private static final Logger log = LoggerFactory.getLogger(FaultsTest.class);

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static final String WRONG_FINGERPRINT = "sha-256 " + "00:".repeat(31) + "00";

  /** Well longer than what rules wait for, and shorter than patience. */
  private static final Duration CONSENT = Duration.ofSeconds(16);

  /**
   * What is made in virtual time, in {@code LegWatchTest}, because it takes a slow network or a
   * client that nobody has; and what is too early to be a fault.
   */
  private static final EnumSet<Fault> MADE_ELSEWHERE =
      EnumSet.of(
          Fault.HANDSHAKE_FAILED,
          Fault.CLOSED_BY_CLIENT,
          Fault.AUDIO_REFUSED,
          Fault.JITTER_UP,
          Fault.JITTER_DOWN,
          Fault.LONG_WAY,
          Fault.OTHERS_HEARD_BADLY,
          Fault.CONNECTING);

  @TempDir static Path recordings;
  private static RunningRelay running;
  private static final SequencedMap<String, Scene> scenes = new LinkedHashMap<>();

  /** A call, and what is to be said of Anna in it, while it runs and afterwards. */
  private record Scene(CallId call, Fault fault, String sentence, Fault inTheEnd, String then) {}

  @BeforeAll
  static void makeEveryMistake() {
    running =
        new RunningRelay(
            RunningRelay.config(recordings, "127.0.0.1", 0, CONSENT), UdpTransport.best());
    offersWhatNobodySpeaks();
    showsAnotherCertificate();
    sick(
        "one-way UDP block, down",
        ailments -> ailments.blockedDown = true,
        Fault.BLOCKED_DOWN,
        "Anna hears nobody: the audio that the relay sends does not reach this client\\. UDP from"
            + " the relay to the client is blocked or its network is overloaded: a firewall there"
            + " must let it in\\.",
        "Anna heard nobody for \\d+ s: the audio that the relay sent did not reach this client\\."
            + " .*");
    sick(
        "SRTP keys wrong",
        ailments -> ailments.wrongKeys = true,
        Fault.WRONG_KEYS,
        "Anna is not heard: all audio of this client fails its authentication"
            + " \\(wrong SRTP keys\\)\\. The client encrypts with other keys than it agreed on:"
            + " reload it, and update it if that does not help\\.",
        "Anna was not heard for \\d+ s: all audio of this client failed its .*");
    sick(
        "codec mismatch",
        ailments -> ailments.payloadType = 96,
        Fault.WRONG_CODEC,
        "Anna is not heard: the client sends audio in another codec than was agreed on\\. It has to"
            + " use a payload type of the answer: update the client\\.",
        "Anna was not heard for \\d+ s: the client sent audio in another codec .*");
    sick(
        "silent microphone",
        ailments -> ailments.level = 127,
        Fault.SILENT_MICROPHONE,
        "Anna is not heard: the microphone sends digital silence\\. Check which microphone the"
            + " browser uses, and its switch and volume in the system\\.",
        "Anna was not heard for \\d+ s: the microphone sent digital silence\\. .*");
    sick(
        "heavy loss, up",
        ailments -> ailments.lostUp = sequence -> sequence % 10 < 3,
        Fault.LOSS_UP,
        "Anna is heard badly: (2|3)\\d % of the client's packets are lost on the way to the"
            + " relay\\. Its upload is weak: prefer a cable to Wi-Fi and stop other uploads\\.",
        "Anna was heard badly for \\d+ s: (2|3)\\d % of the client's packets were lost .*");
    sick(
        "heavy loss, down",
        ailments -> ailments.lostDown = sequence -> sequence % 10 < 3,
        Fault.LOSS_DOWN,
        "Anna hears others badly: (2|3)\\d % of the packets to the client are lost on the way\\."
            + " Its download is weak: prefer a cable to Wi-Fi and stop other downloads\\.",
        "Anna heard others badly for \\d+ s: (2|3)\\d % of the packets to the client were lost .*");
    sendsNothing();
    isMuted();
    hasNoMicrophone();
    hasNoLoudspeaker();
    isAlone();
    hearsTheMuted();
    hearsTheSilent();
    isDrownedOut();
    isWell();
    // Those that pass, and those that the relay gives up by itself, come last and are looked at
    // first.
    losesTheHandshake();
    getsNoAnswers();
    sick(
        "clock jump",
        ailments -> ailments.clockSkip = 5 * 48_000,
        Fault.CLOCK_JUMP,
        "Anna is heard badly: the clock of the client's audio jumped, so that receivers lose their"
            + " place\\. Its computer slept or its audio device was reset: if it happens again,"
            + " plug in the headset anew or restart the client\\.",
        "Anna was heard badly for \\d+ s: the clock of the client's audio jumped, .*");
    sick(
        "one-way UDP block, up",
        ailments -> ailments.blockedUp = true,
        Fault.NOTHING_ARRIVES,
        "Anna is not heard: nothing has come from this client for \\d+ s\\. Its"
            + " network has failed or blocks UDP on the way to the relay: check Wi-Fi, cable and"
            + " VPN\\.",
        Fault.CONSENT_LOST,
        "Anna neither heard nor was heard: the client gave no more sign of life, so the"
            + " connection was given up\\. The network went down, or the client was closed without"
            + " leaving: check the network and call again\\.");
    nothingReachesTheRelay();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @TestFactory
  Stream<DynamicTest> namesTheCauseWhileItLasts() {
    return scenes.sequencedEntrySet().reversed().stream()
        .map(
            scene ->
                DynamicTest.dynamicTest(
                    scene.getKey(), () -> checkLive(scene.getKey(), scene.getValue())));
  }

  private static void checkLive(String name, Scene scene) {
    if (scene.sentence.isEmpty()) {
      return; // nothing of it lasts
    }
    LegReport report = awaitLive(scene.call, "Anna", scene.fault);
    log.info("{}: {} / {}", name, report.sentence(), report.toUser());
    assertThat(report.sentence()).matches(scene.sentence);
    assertThat(report.toUser()).startsWith("You ").doesNotContain("Anna");
  }

  @TestFactory
  Stream<DynamicTest> namesTheCauseAfterwards() {
    return scenes.entrySet().stream()
        .map(
            scene ->
                DynamicTest.dynamicTest(
                    scene.getKey(), () -> checkEnded(scene.getKey(), scene.getValue())));
  }

  private static void checkEnded(String name, Scene scene) {
    boolean endsByItself = scene.fault != scene.inTheEnd || scene.sentence.isEmpty();
    if (scene.then.isEmpty()) {
      return; // whether it was nearly always so depends on the machine
    }
    if (!endsByItself) {
      await(
          name + " has lasted",
          () ->
              scene.fault == Fault.NONE
                  || running.count(RelayEvent.LegEnded.class, scene.call, "Anna") > 0
                  || lasted(live(scene.call, "Anna"), scene.fault) > 3_500);
      running.command(new RelayCommand.Leave(scene.call, new PeerId("Anna"), "hangs up"));
    }
    await(name + " over", () -> running.count(RelayEvent.LegEnded.class, scene.call, "Anna") > 0);

    LegReport report = running.last(RelayEvent.LegEnded.class, scene.call, "Anna").report();
    log.info("{}, afterwards: {}", name, report.sentence());
    assertThat(report.fault()).isEqualTo(scene.inTheEnd);
    assertThat(report.sentence()).matches(scene.then);
    assertThat(report.live()).isFalse();
  }

  @Test
  void makesEveryFaultThatRealClientsCanHave() {
    Set<Fault> made =
        scenes.values().stream()
            .flatMap(scene -> Stream.of(scene.fault, scene.inTheEnd))
            .collect(Collectors.toSet());

    assertThat(made).containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(MADE_ELSEWHERE));
  }

  /** A call of two who speak, in which all that can be measured is. */
  @Test
  void showsTheFiguresOfALeg() {
    CallId call = pair();
    await("a round trip", () -> live(call, "Anna").figures().down().roundTripMs() >= 0);
    await("an opinion", () -> live(call, "Anna").mosUp() > 4 && live(call, "Anna").mosDown() > 4);

    LegReport report = live(call, "Anna");

    assertThat(report.stage()).isEqualTo(LegReport.Stage.CONNECTED);
    assertThat(report.local()).startsWith("127.0.0.1:");
    assertThat(report.remote()).startsWith("127.0.0.1:");
    LegFigures figures = report.figures();
    assertThat(figures.checks()).isPositive();
    assertThat(figures.packetsIn()).isPositive();
    assertThat(figures.authenticationFailures()).isZero();
    assertThat(figures.up().forwarded()).isPositive();
    assertThat(figures.up().levelDbov()).isEqualTo(-20);
    assertThat(figures.up().lost()).isZero();
    assertThat(figures.up().jitterMs()).isBetween(0.0, 80.0);
    assertThat(figures.down().packets()).isPositive();
    assertThat(figures.down().lost()).isZero();
    assertThat(figures.down().roundTripMs()).isBetween(0.0, 1000.0);
  }

  private static void nothingReachesTheRelay() {
    CallId call = callWithBen();
    running.answer(call, "Anna", running.client("Anna").offer(1));
    scene(
        "no ICE",
        call,
        Fault.NO_ICE,
        "Anna neither hears nor is heard: no packet of this client reaches the relay\\. UDP to the"
            + " relay's media port is blocked on the way, or the address that the relay advertises"
            + " is not the right one: allow UDP, or set media\\.advertise\\.",
        "Anna neither heard nor was heard.*: no packet of this client reached the relay\\. .*");
  }

  private static void offersWhatNobodySpeaks() {
    CallId call = callWithBen();
    String offer = running.client("Anna").offer(1).replaceAll("SAVPF [\\d ]+", "SAVPF 9");
    running.command(
        new RelayCommand.Offer(
            call, new PeerId("Anna"), RunningRelay.info("Anna"), offer, false, false));
    scenes.put(
        "no codec in common",
        new Scene(
            call,
            Fault.OFFER_REFUSED,
            "",
            Fault.OFFER_REFUSED,
            "Anna neither heard nor was heard: the offer .*Opus.*\\."));
  }

  private static void showsAnotherCertificate() {
    CallId call = callWithBen();
    MediaClient anna =
        running.client("Anna", LOOPBACK, ClientCertificate.create(), WRONG_FINGERPRINT);
    running.offer(call, anna, 1);
    scenes.put(
        "wrong fingerprint",
        new Scene(
            call,
            Fault.WRONG_FINGERPRINT,
            "",
            Fault.WRONG_FINGERPRINT,
            "Anna neither heard nor was heard: the client's certificate was not the one its offer"
                + " promised\\. Something between the client and the server changes messages, or"
                + " the client mixes up two connections: reload it, and look for a proxy that"
                + " rewrites SDP\\."));
  }

  private static void getsNoAnswers() {
    CallId call = callWithBen();
    MediaClient anna = running.client("Anna");
    anna.ailments().blockedDown = true;
    running.offer(call, anna, 1);
    scene(
        "answers blocked from the beginning",
        call,
        Fault.ANSWERS_LOST,
        "Anna neither hears nor is heard: the client's connectivity checks reach the relay, but"
            + " what the relay answers does not reach the client\\. UDP from the relay to the"
            + " client is blocked: a firewall there must let answers in\\.",
        "Anna neither heard nor was heard.*: the client's connectivity checks reached .*");
  }

  private static void losesTheHandshake() {
    CallId call = callWithBen();
    MediaClient anna = running.client("Anna");
    anna.ailments().blockedDtls = true;
    running.offer(call, anna, 1);
    scene(
        "DTLS never finishing",
        call,
        Fault.HANDSHAKE_STUCK,
        "Anna neither hears nor is heard: the secure handshake \\(DTLS\\) began \\d+ s ago and does"
            + " not finish\\. Large packets get lost on the way, or a firewall filters DTLS: try"
            + " another network, or a smaller MTU\\.",
        "Anna neither heard nor was heard.*: the secure handshake \\(DTLS\\) did not .*");
  }

  private static void sendsNothing() {
    CallId call = callWithBen();
    running.join(call, "Anna", 1);
    scene(
        "no audio",
        call,
        Fault.NO_AUDIO,
        "Anna is not heard: the client is connected and unmuted but sends no audio\\. Check that"
            + " the browser may use the microphone and that it is plugged in; else a firewall lets"
            + " only small packets through\\.",
        "Anna was not heard for \\d+ s: the client was connected and unmuted but sent no audio\\."
            + " .*");
  }

  private static void isMuted() {
    CallId call = pair();
    running.command(new RelayCommand.Mute(call, new PeerId("Anna"), true));
    scene(
        "muted",
        call,
        Fault.MUTED,
        "Anna is not heard: the microphone is muted\\.",
        "Anna was not heard for .*: the microphone was muted\\.");
  }

  private static void hasNoMicrophone() {
    CallId call = callWithBen();
    joinWith(call, "sendrecv", "recvonly");
    scene(
        "no microphone",
        call,
        Fault.NO_MICROPHONE,
        "Anna is not heard: the client joined without a microphone\\.",
        "Anna was not heard for .*: the client joined without a microphone\\.");
  }

  private static void hasNoLoudspeaker() {
    CallId call = callWithBen();
    joinWith(call, "sendrecv", "sendonly").speak(true);
    scene(
        "no receiving section",
        call,
        Fault.NO_RECEIVING_SECTION,
        "Anna hears nobody: the client offered no section in which it receives audio\\. It joined"
            + " to speak only; to hear, it has to offer sendrecv or recvonly\\.",
        "Anna heard nobody for \\d+ s: the client offered no section .*");
  }

  private static void isAlone() {
    CallId call = running.open(false);
    running.join(call, "Anna", 1).speak(true);
    scene(
        "nobody else there",
        call,
        Fault.ALONE,
        "Anna hears nobody: nobody else is connected\\.",
        "Anna heard nobody for .*: nobody else was connected\\.");
  }

  private static void hearsTheMuted() {
    CallId call = pair();
    running.command(new RelayCommand.Mute(call, new PeerId("Ben"), true));
    scene(
        "others muted",
        call,
        Fault.OTHERS_MUTED,
        "Anna hears nobody: Ben is muted\\.",
        "Anna heard nobody for .*: Ben was muted\\.");
  }

  private static void hearsTheSilent() {
    CallId call = running.open(false);
    running.join(call, "Anna", 1).speak(true);
    MediaClient ben = running.join(call, "Ben", 1);
    ben.ailments().level = 127;
    ben.speak(true);
    scene(
        "the other's microphone is silent",
        call,
        Fault.OTHERS_NOT_HEARD,
        "Anna hears nobody: Ben is not heard; what is said of Ben tells why\\.",
        "");
  }

  private static void isDrownedOut() {
    CallId call = running.open(false);
    List<MediaClient> loud = new ArrayList<>();
    for (String name : List.of("Ben", "Carla", "Dora", "Emil")) {
      loud.add(running.join(call, name, 3));
    }
    loud.forEach(client -> client.speak(true));
    MediaClient anna = running.join(call, "Anna", 3);
    anna.ailments().level = 30;
    anna.speak(true);
    scene(
        "others are louder",
        call,
        Fault.NOT_AMONG_LOUDEST,
        "Anna is not heard: others speak louder, and only the 3 loudest are heard at a time\\. Wait"
            + " until somebody stops, or move closer to the microphone\\.",
        "Anna was not heard for \\d+ s: others spoke louder, .*");
  }

  private static void isWell() {
    scene(
        "nothing", pair(), Fault.NONE, "Anna hears and is heard\\.", "Anna heard and was heard\\.");
  }

  private interface Illness {
    void befall(Ailments ailments);
  }

  private static void sick(
      String name, Illness illness, Fault fault, String sentence, String then) {
    sick(name, illness, fault, sentence, fault, then);
  }

  private static void sick(
      String name, Illness illness, Fault fault, String sentence, Fault inTheEnd, String then) {
    CallId call = running.open(false);
    MediaClient anna = running.join(call, "Anna", 1);
    MediaClient ben = running.join(call, "Ben", 1);
    anna.speak(true);
    ben.speak(true);
    if (fault != Fault.SILENT_MICROPHONE) { // a microphone that was heard may be silent for longer
      awaitLive(call, "Anna", Fault.NONE);
    }
    illness.befall(anna.ailments());
    scenes.put(name, new Scene(call, fault, sentence, inTheEnd, then));
  }

  private static void scene(String name, CallId call, Fault fault, String sentence, String then) {
    scenes.put(name, new Scene(call, fault, sentence, fault, then));
  }

  private static CallId callWithBen() {
    CallId call = running.open(false);
    running.join(call, "Ben", 1).speak(true);
    return call;
  }

  private static CallId pair() {
    CallId call = callWithBen();
    running.join(call, "Anna", 1).speak(true);
    return call;
  }

  private static MediaClient joinWith(CallId call, String direction, String instead) {
    MediaClient anna = running.client("Anna");
    anna.connect(running.answer(call, "Anna", anna.offer(0).replace(direction, instead)));
    running.awaitConnected(call, anna);
    return anna;
  }

  private static LegReport live(CallId call, String name) {
    return running.legs(call).stream()
        .filter(leg -> leg.peer().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static LegReport awaitLive(CallId call, String name, Fault fault) {
    await(
        name + ": " + fault.label(),
        () ->
            running.legs(call).stream()
                .anyMatch(leg -> leg.peer().value().equals(name) && leg.fault() == fault));
    return live(call, name);
  }

  private static long lasted(LegReport report, Fault fault) {
    return report.troubles().stream()
        .filter(trouble -> trouble.fault() == fault)
        .mapToLong(LegReport.Trouble::lastedMs)
        .sum();
  }
}
