package parley.relay.quality;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.relay.api.Fault;
import parley.relay.api.LegCourse;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport;
import parley.relay.api.LegReport.Stage;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;

/** What a leg's seconds add up to; in virtual time. */
class LegWatchTest {

  private static final PeerId PEER = new PeerId("p1");
  private static final PeerInfo ANNA = new PeerInfo("d-anna", "Anna", "");
  private static final Surroundings WITH_BEN = new Surroundings(1, 1, 1, "Ben", 3);
  private static final Surroundings WITH_NOBODY = new Surroundings(0, 0, 0, "", 3);
  private static final int PACKETS_A_SECOND = 50;

  private final LegWatch watch = new LegWatch(0);
  private long seconds;
  private long connectedAt = -1;
  private long packets;
  private long sent;
  private long acknowledged;
  private boolean reporting = true;
  private int level = -25;
  private double transitMs;
  private double jitterMs = 5;
  private boolean muted;
  private double lossUp;
  private boolean sentAgain;
  private long late;
  private long lost;
  private long forwarded;
  private long refused;
  private double lossDownPercent;
  private double jitterDownMs = 5;
  private double roundTripMs = 30;
  private boolean keyless;
  private Surroundings around = WITH_BEN;
  private @Nullable Observation last;

  @Test
  void saysNothingBeforeItCanKnow() {
    second(Stage.WAITING);

    assertThat(watch.fault()).isEqualTo(Fault.CONNECTING);
    assertThat(live().sentence()).isEqualTo("Anna is being connected.");
  }

  @Test
  void findsNothingWrongWithACall() {
    talk(60);

    assertThat(live().sentence()).isEqualTo("Anna hears and is heard.");
    assertThat(live().toUser()).isEqualTo("You hear and are heard.");
    assertThat(ended(null).sentence()).isEqualTo("Anna heard and was heard.");
    assertThat(ended(null).troubles()).isEmpty();
  }

  @Test
  void tellsHowALegWent() {
    talk(30);
    muted = true;
    talk(10);

    LegCourse course = ended(null).course();
    assertThat(course.turns().stream().map(LegCourse.Turn::fault))
        .containsSequence(Fault.NONE, Fault.MUTED);
    assertThat(course.curve().points()).hasSizeBetween(7, 8);
    assertThat(course.curve().points().getFirst().muted()).isFalse();
    assertThat(course.curve().points().getLast().muted()).isTrue();
    assertThat(course.curve().points().getFirst().mosUp()).isGreaterThan(4);
  }

  @Test
  void takesPausesOfSpeechForNoBrokenMicrophone() {
    talk(5);
    level = LegFigures.SILENCE; // a noise gate
    talk(59);

    assertThat(watch.fault()).isEqualTo(Fault.NONE);
  }

  @Test
  void noticesAMicrophoneThatWentSilentForGood() {
    talk(5);
    level = LegFigures.SILENCE;
    talk(62);

    assertThat(watch.fault()).isEqualTo(Fault.SILENT_MICROPHONE);
  }

  @Test
  void takesTheSilenceOfTheMutedForNoBrokenMicrophone() {
    level = LegFigures.SILENCE;
    muted = true;
    talk(20);
    muted = false;
    talk(2);

    assertThat(watch.fault()).isEqualTo(Fault.NONE);
  }

  @Test
  void takesWhatTheNetworkHeldUpForNoClockJump() {
    talk(10);
    transitMs = 3000; // all that came in this second had waited
    talk(1);
    transitMs = 0;
    talk(5);

    assertThat(watch.fault()).isEqualTo(Fault.NONE);
  }

  @Test
  void tellsOfAClockJumpForAWhile() {
    talk(10);
    transitMs = -4000;
    talk(3);
    assertThat(watch.fault()).isEqualTo(Fault.CLOCK_JUMP);
    talk(10);

    assertThat(watch.fault()).isEqualTo(Fault.NONE);
  }

  @Test
  void tellsOfAClockThatWasSetBackAsOfOneThatWasSetForward() {
    talk(10);
    transitMs = 4000; // and stays so, unlike what the network holds up
    talk(3);

    assertThat(watch.fault()).isEqualTo(Fault.CLOCK_JUMP);
  }

  @Test
  void namesAudioThatIsRefused() {
    talk(10);
    for (int i = 0; i < 6; i++) { // its packets are too large, say
      refused += PACKETS_A_SECOND;
      second(Stage.CONNECTED);
    }

    assertThat(live().sentence()).startsWith("Anna is not heard: ");
    assertThat(watch.fault()).isEqualTo(Fault.AUDIO_REFUSED);
  }

  @Test
  void namesWhatComesUnevenlyToAClient() {
    jitterDownMs = 120;
    talk(10);

    assertThat(watch.fault()).isEqualTo(Fault.JITTER_DOWN);
  }

  @Test
  void namesALongWay() {
    roundTripMs = 800;
    talk(10);

    assertThat(watch.fault()).isEqualTo(Fault.LONG_WAY);
  }

  @Test
  void namesAClientThatEndedItsConnectionAndIsStillThere() {
    talk(10);
    keyless = true;
    talk(1);

    assertThat(watch.fault()).isEqualTo(Fault.CLOSED_BY_CLIENT);
  }

  @Test
  void saysWhyAHandshakeFailed() {
    second(Stage.HANDSHAKING);

    assertThat(ended(Fault.HANDSHAKE_FAILED).sentence())
        .isEqualTo("Anna neither heard nor was heard: hung up.");
  }

  @Test
  void toleratesReportsThatComeSeldom() {
    reporting = false;
    for (int i = 0; i < 8; i++) {
      acknowledged++;
      talk(8);
      assertThat(watch.fault()).isEqualTo(Fault.NONE);
    }
    talk(8);

    assertThat(watch.fault()).isEqualTo(Fault.BLOCKED_DOWN);
  }

  @Test
  void blamesNobodysDownloadForWhatWasLostOnTheWayFromWhoSpeaks() {
    around = new Surroundings(1, 1, 1, "Ben", 3, 60, 5);
    lossDownPercent = 70;
    talk(20);

    assertThat(live().sentence())
        .isEqualTo("Anna hears others badly: Ben is heard badly; what is said of Ben tells why.");
    around = WITH_BEN;
    talk(2);
    assertThat(watch.fault()).isEqualTo(Fault.LOSS_DOWN);
  }

  @Test
  void blamesADownloadThatLosesFarMoreThanWhatWasLostBefore() {
    around = new Surroundings(1, 1, 1, "Ben", 3, 5, 5);
    lossDownPercent = 30;
    talk(20);

    assertThat(watch.fault()).isEqualTo(Fault.LOSS_DOWN);
  }

  @Test
  void remembersWhatOthersReportAboutLater() {
    talk(30);
    assertThat(watch.lossHeardPercent()).isZero();
    lossUp = 0.5;
    talk(5);
    lossUp = 0;
    talk(15);
    assertThat(watch.lossHeardPercent()).isBetween(45.0, 55.0);
    talk(10);

    assertThat(watch.lossHeardPercent()).isZero();
  }

  @Test
  void countsWhatHadToBeSentAgainAmongWhatOthersMiss() {
    talk(10);
    lossUp = 0.5;
    sentAgain = true; // so that nothing is lost in the end
    talk(5);

    assertThat(watch.lossHeardPercent()).isBetween(45.0, 55.0);
  }

  @Test
  void namesTheTroubleThatLastedLongest() {
    talk(20);
    jitterMs = 200;
    talk(10);
    jitterMs = 5;
    talk(10);

    LegReport report = ended(null);
    assertThat(report.fault()).isEqualTo(Fault.JITTER_UP);
    assertThat(report.sentence())
        .startsWith("Anna was heard badly for 10 s: the client's packets came very unevenly.");
    assertThat(report.toUser()).startsWith("You were heard badly for 10 s: ");
    assertThat(report.troubles()).containsExactly(new LegReport.Trouble(Fault.JITTER_UP, 10_000));
  }

  @Test
  void doesNotMakeAStoryOfAMoment() {
    talk(100);
    jitterMs = 200;
    talk(2);
    jitterMs = 5;
    talk(100);

    assertThat(ended(null).fault()).isEqualTo(Fault.NONE);
  }

  @Test
  void waitingForTheOtherIsNoTroubleAfterwards() {
    around = WITH_NOBODY;
    talk(20);
    assertThat(watch.fault()).isEqualTo(Fault.ALONE);
    around = WITH_BEN;
    talk(20);

    assertThat(ended(null).fault()).isEqualTo(Fault.NONE);
  }

  @Test
  void whoeverWasAlwaysMutedIsSaidToHaveBeen() {
    muted = true;
    talk(200);

    assertThat(ended(null).sentence())
        .isEqualTo("Anna was not heard for 3 min: the microphone was muted.");
  }

  @Test
  void whatEndedALegIsToldFirst() {
    jitterMs = 200;
    talk(60);

    LegReport report = ended(Fault.CONSENT_LOST);
    assertThat(report.fault()).isEqualTo(Fault.CONSENT_LOST);
    assertThat(report.sentence())
        .startsWith("Anna neither heard nor was heard: the client gave no more sign");
  }

  @Test
  void keepsNamesOutOfTheLog() {
    around = new Surroundings(1, 0, 0, "Ben", 3);
    talk(30);

    LegWatch.Ending ending = end(null);
    assertThat(ending.report().sentence()).contains("Ben was muted");
    assertThat(ending.forLog())
        .isEqualTo("the participant heard nobody for 29 s: all the others were muted.");
  }

  @Test
  void aRefusedOfferIsALegThatNeverWas() {
    LegReport report = LegWatch.refused(PEER, ANNA, "The offer has no audio section with Opus.", 0);

    assertThat(report.fault()).isEqualTo(Fault.OFFER_REFUSED);
    assertThat(report.sentence())
        .isEqualTo("Anna neither heard nor was heard: the offer has no audio section with Opus.");
    assertThat(report.live()).isFalse();
  }

  private void talk(int count) {
    for (int i = 0; i < count; i++) {
      packets += PACKETS_A_SECOND;
      lost += sentAgain ? 0 : Math.round(lossUp * PACKETS_A_SECOND);
      late += sentAgain ? Math.round(lossUp * PACKETS_A_SECOND) : 0;
      forwarded += PACKETS_A_SECOND - Math.round(lossUp * PACKETS_A_SECOND);
      sent += PACKETS_A_SECOND;
      acknowledged += reporting ? 1 : 0;
      second(Stage.CONNECTED);
    }
  }

  private void second(Stage stage) {
    if (stage == Stage.CONNECTED && connectedAt < 0) {
      connectedAt = seconds;
    }
    long inStage = stage == Stage.CONNECTED ? seconds - connectedAt : seconds;
    LegFigures.Up up =
        new LegFigures.Up(
            true, muted, false, level, packets, packets, lost, late, 0, forwarded, 0, refused,
            transitMs, jitterMs);
    LegFigures.Down down =
        new LegFigures.Down(
            1, sent, acknowledged, 0, 500, lossDownPercent, jitterDownMs, roundTripMs);
    Observation now =
        new Observation(
            seconds * 1_000_000_000L,
            stage,
            inStage * 1000,
            keyless,
            new LegFigures(seconds, packets, 0, seconds, 20, up, down));
    boolean _ = watch.observe(now, around);
    last = now;
    seconds++;
  }

  private LegReport live() {
    return watch.live(PEER, ANNA, newest(), LegWatch.Path.NONE);
  }

  private LegReport ended(@Nullable Fault cause) {
    return end(cause).report();
  }

  private LegWatch.Ending end(@Nullable Fault cause) {
    return watch.ended(PEER, ANNA, newest(), LegWatch.Path.NONE, cause, "hung up");
  }

  private Observation newest() {
    if (last == null) {
      throw new IllegalStateException("nothing was observed yet");
    }
    return last;
  }
}
