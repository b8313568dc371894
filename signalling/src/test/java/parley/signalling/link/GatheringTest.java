package parley.signalling.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.signalling.link.LinkMessage.Answer;
import parley.signalling.link.LinkMessage.Calls;
import parley.signalling.link.LinkMessage.Refused;
import parley.signalling.link.LinkMessage.Send;

class GatheringTest {

  private final List<Answer> gathered = new ArrayList<>();
  private final Gathering gathering = new Gathering(gathered::add);

  private void says(String session, String frame) {
    gathering.add(new Send(List.of(session), frame));
  }

  @Test
  void makesOneMessageOfWhatSeveralAreTold() {
    says("a", "x");
    says("b", "x");
    gathering.flush();
    assertThat(gathered).containsExactly(new Send(List.of("a", "b"), "x"));
  }

  @Test
  void keepsTheOrderOfWhatIsNotTheSame() {
    says("a", "x");
    says("a", "y");
    says("b", "y");
    gathering.add(new Calls(List.of("b"), List.of()));
    gathering.add(new Calls(List.of("c"), List.of()));
    gathering.add(new Refused("a", Refusal.CLOSED, "why"));
    says("b", "x");
    gathering.flush();
    assertThat(gathered)
        .containsExactly(
            new Send(List.of("a"), "x"),
            new Send(List.of("a", "b"), "y"),
            new Calls(List.of("b", "c"), List.of()),
            new Refused("a", Refusal.CLOSED, "why"),
            new Send(List.of("b"), "x"));
  }

  @Test
  void tellsTwiceWhatWasSaidTwice() {
    says("a", "x");
    says("b", "x");
    says("a", "x");
    gathering.flush();
    assertThat(gathered)
        .containsExactly(new Send(List.of("a", "b"), "x"), new Send(List.of("a"), "x"));
  }

  @Test
  void makesNoMessageTooLong() {
    for (int i = 0; i < 2 * Gathering.MOST_SESSIONS; i++) {
      says("s" + i, "x");
    }
    gathering.flush();
    assertThat(gathered).hasSize(2);
  }

  @Test
  void saysNothingOfNothing() {
    gathering.flush();
    assertThat(gathered).isEmpty();
  }
}
