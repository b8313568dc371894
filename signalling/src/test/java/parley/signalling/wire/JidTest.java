package parley.signalling.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JidTest {

  private static final String UUID = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";

  @Test
  void readsEachKind() {
    assertThat(Jid.of("d-" + UUID).kind()).isEqualTo(Jid.Kind.CONTACT);
    assertThat(Jid.of("g-" + UUID).kind()).isEqualTo(Jid.Kind.GROUP);
    assertThat(Jid.of("t-" + UUID).kind()).isEqualTo(Jid.Kind.TASK);
    assertThat(Jid.of("t-" + UUID)).hasToString("t-" + UUID);
  }

  @Test
  void isEqualRegardlessOfTheCaseOfItsDigits() {
    assertThat(Jid.of("d-" + UUID.toUpperCase(java.util.Locale.ROOT)))
        .isEqualTo(Jid.of("d-" + UUID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "d-",
        "d",
        "x-6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9",
        "D-6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9",
        "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9",
        "d-6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf",
        "d-6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9 ",
        "d-6aefcf3be61c4f358b5b9d762a6a6cf9",
        "d-1-1-1-1-1",
        "d-6aefcf3g-e61c-4f35-8b5b-9d762a6a6cf9"
      })
  void refusesWhatIsNoUuidBehindAKnownPrefix(String text) {
    assertThat(Jid.tryParse(text)).isNull();
    assertThatThrownBy(() -> Jid.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsOnlyItsBeginningInLogs() {
    assertThat(Jid.of("d-" + UUID).shortForm()).isEqualTo("d-6aefcf3b");
  }
}
