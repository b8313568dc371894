package parley.relay.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.api.Fault;

/** Every fault can be said to anybody, in both tenses. */
class SentencesTest {

  /** What nobody can, or needs to, do anything about; and what is said in the refusal's words. */
  private static final EnumSet<Fault> WITHOUT_REMEDY =
      EnumSet.of(
          Fault.OFFER_REFUSED,
          Fault.HANDSHAKE_FAILED,
          Fault.MUTED,
          Fault.NO_MICROPHONE,
          Fault.ALONE,
          Fault.OTHERS_MUTED,
          Fault.OTHERS_NOT_HEARD,
          Fault.OTHERS_HEARD_BADLY,
          Fault.CONNECTING,
          Fault.NONE);

  private final Sentences sentences =
      new Sentences(
          new Surroundings(2, 2, 2, "", 3),
          new Sentences.Particulars(7, 12, 20, 30, 90, 100, 700, "The offer is empty."));

  @ParameterizedTest
  @EnumSource(Fault.class)
  void isAWholeSentence(Fault fault) {
    assertThat(sentences.now(fault, "Anna")).matches("Anna [^%{}]*(\\d+ %)?[^%{}]*\\.");
    assertThat(sentences.then(fault, "Anna", 20)).matches("Anna [^%{}]*(\\d+ %)?[^%{}]*\\.");
    assertThat(sentences.now(fault, null)).matches("You [^%{}]*(\\d+ %)?[^%{}]*\\.");
    assertThat(sentences.then(fault, null, 20))
        .startsWith("You ")
        .doesNotContain("null", "the client");
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void saysWhatToDo(Fault fault) {
    assertThat(sentences.now(fault, "Anna").contains(". "))
        .isEqualTo(!WITHOUT_REMEDY.contains(fault));
  }

  @Test
  void saysYouToTheParticipantHimself() {
    assertThat(sentences.now(Fault.LOSS_UP, null))
        .isEqualTo(
            "You are heard badly: 20 % of your packets are lost on the way to the relay. Your"
                + " upload is weak: prefer a cable to Wi-Fi and stop other uploads.");
  }

  @Test
  void namesTheOnlyOther() {
    Sentences ofTwo =
        new Sentences(
            new Surroundings(1, 0, 0, "Ben", 3),
            new Sentences.Particulars(0, 0, 0, 0, 0, 0, 0, ""));

    assertThat(ofTwo.now(Fault.OTHERS_MUTED, "Anna")).isEqualTo("Anna hears nobody: Ben is muted.");
    assertThat(sentences.now(Fault.OTHERS_MUTED, "Anna"))
        .isEqualTo("Anna hears nobody: all the others are muted.");
  }
}
