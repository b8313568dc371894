package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import parley.signalling.oidc.OidcSettings;
import parley.stun.doctor.Finding;

/** What the doctor says of the OpenID provider; that it answers is tried with a real one. */
class OpenIdCheckTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void findsNothingWhereNobodySignsInSo() throws Exception {
    assertThat(OpenIdCheck.findings(null)).isEmpty();
  }

  @Test
  void bearsAClockThatDiffersByLessThanTheSettingsSay() {
    assertThat(clock(NOW.plusSeconds(31)).verdict()).isEqualTo(Finding.Verdict.OK);
    assertThat(clock(NOW.minusSeconds(31)).verdict()).isEqualTo(Finding.Verdict.OK);
  }

  @Test
  void saysWhichClockIsAhead() {
    assertThat(clock(NOW.plusSeconds(90)).found()).contains("90 s ahead of this one's");
    assertThat(clock(NOW.minusSeconds(90)).found()).contains("90 s behind this one's");
    assertThat(clock(NOW.minusSeconds(90)).verdict()).isEqualTo(Finding.Verdict.WRONG);
  }

  @Test
  void saysThatTheProviderIsAway() throws Exception {
    Finding finding = OpenIdCheck.findings(settings("http://127.0.0.1:1")).getFirst();

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.WRONG);
    assertThat(finding.found())
        .startsWith("The OpenID provider does not answer as it should: http://127.0.0.1");
    assertThat(finding.change()).contains("operate.oidc.issuer");
  }

  private static Finding clock(Instant theirs) {
    return OpenIdCheck.clock(settings("https://id.example"), theirs, NOW);
  }

  private static OidcSettings settings(String issuer) {
    return new OidcSettings(
        URI.create(issuer),
        "parley",
        "",
        List.of(),
        "email",
        "groups",
        Set.of(),
        Set.of("operators"),
        false,
        Duration.ofSeconds(30));
  }
}
