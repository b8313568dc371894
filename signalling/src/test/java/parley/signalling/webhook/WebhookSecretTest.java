package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookSecretTest {

  /** What the reference libraries of the convention are all tested with. */
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final String SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void signsAsTheConventionsLibrariesDo() {
    assertThat(WebhookSecret.of(SECRET).sign(ID, 1_614_265_330, BODY)).isEqualTo(SIGNED);
  }

  @Test
  void takesASecretWithoutItsPrefix() {
    String bare = SECRET.substring("whsec_".length());
    assertThat(WebhookSecret.of(bare).sign(ID, 1_614_265_330, BODY)).isEqualTo(SIGNED);
  }

  @Test
  void signsWithEverySecretSoThatReceiversCanChange() {
    var other = WebhookSecret.of("whsec_" + "A".repeat(40));
    var endpoint =
        new WebhookEndpoint(
            "chat",
            URI.create("https://chat.example/events"),
            List.of(other, WebhookSecret.of(SECRET)),
            Set.of(),
            Set.of());
    assertThat(endpoint.signatures(ID, 1_614_265_330, BODY).split(" "))
        .containsExactly(other.sign(ID, 1_614_265_330, BODY), SIGNED);
  }

  @Test
  void refusesWhatIsNoSecretAndSaysWhatWouldBe() {
    for (String wrong : List.of("", "whsec_", "whsec_short", "not base64!", "A".repeat(100))) {
      assertThatThrownBy(() -> WebhookSecret.of(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("openssl rand -base64 32");
    }
  }

  @Test
  void isNeverPrinted() {
    assertThat(WebhookSecret.of(SECRET)).hasToString("WebhookSecret");
  }
}
