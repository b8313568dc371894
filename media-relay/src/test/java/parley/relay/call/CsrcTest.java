package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsrcTest {

  @Test
  void isTheBeginningOfTheContactsUuid() {
    assertThat(Csrc.of("d-6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9")).isEqualTo(0x6AEFCF3B);
    assertThat(Csrc.of("d-FFFFFFFF-e61c-4f35-8b5b-9d762a6a6cf9")).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "d", "d-", "d-12", "d-notahexx-1", "d-+1234567-0"})
  void ofAnythingElseItIsSteady(String contact) {
    assertThat(Csrc.of(contact)).isEqualTo(Csrc.of(contact));
  }
}
