package parley.signalling.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of what a provider says of somebody. */
class ClaimsTest {

  @Test
  void findsRolesInObjectsAndUnderNamesWithDots() {
    var claims =
        new Claims(
            Map.of(
                "https://example.org/roles", List.of("operators", 7),
                "realm_access", Map.of("roles", List.of("support")),
                "group", "staff"));

    assertThat(claims.words("https://example.org/roles")).containsExactly("operators");
    assertThat(claims.words("realm_access.roles")).containsExactly("support");
    assertThat(claims.words("group")).containsExactly("staff");
    assertThat(claims.words("realm_access.roles.deeper")).isEmpty();
    assertThat(claims.words("realm_access")).isEmpty();
  }

  @Test
  void callsHimByWhatIsCertain() {
    Map<String, Object> verified = Map.of("sub", "17", "email", "olga@example.org");
    assertThat(new Claims(verified).name("email")).isEqualTo("olga@example.org");
    assertThat(new Claims(verified).name("nickname")).isEqualTo("17");

    Map<String, Object> anybodys =
        Map.of("sub", "18", "email", "olga@example.org", "email_verified", false);
    assertThat(new Claims(anybodys).name("email")).isEqualTo("18");
  }

  @Test
  void letsNobodyWriteLinesIntoTheLog() {
    assertThat(new Claims(Map.of("sub", "a\nb\u202ec")).subject()).isEqualTo("a b c");
    assertThat(new Claims(Map.of("sub", "x".repeat(5_000))).subject()).hasSizeLessThan(200);
  }
}
