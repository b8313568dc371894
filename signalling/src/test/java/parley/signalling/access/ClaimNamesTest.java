package parley.signalling.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import parley.signalling.directory.Account;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

class ClaimNamesTest {

  private static final String OTHER = "11111111-2222-4333-8444-555555555555";
  private static final Jid ALICE = Jid.of("d-" + Issuer.UUID);
  private static final TeamId TEAM = new TeamId(Issuer.TEAM);

  private final ClaimNames names = new ClaimNames("who", "where", null);

  @Test
  void takesOneTeamOrMany() {
    assertThat(names.account(Map.of("who", Issuer.UUID, "where", Issuer.TEAM)))
        .isEqualTo(new Account(Map.of(TEAM, ALICE)));
    assertThat(names.account(Map.of("who", ALICE.toString(), "where", List.of(OTHER, Issuer.TEAM))))
        .isEqualTo(new Account(Map.of(TEAM, ALICE, new TeamId(OTHER), ALICE)));
  }

  @Test
  void takesAJidForEachTeam() {
    Jid there = Jid.of("d-" + OTHER);
    assertThat(
            names.account(
                Map.of("where", Map.of(Issuer.TEAM, ALICE.toString(), OTHER, there.toString()))))
        .isEqualTo(new Account(Map.of(TEAM, ALICE, new TeamId(OTHER), there)));
  }

  @Test
  void knowsNobodyWhoseTeamIsNotNamedUnlessThereIsADefault() {
    Map<String, Object> claims = Map.of("who", Issuer.UUID);
    assertThat(names.account(claims)).isNull();
    assertThat(new ClaimNames("who", "where", TEAM).account(claims))
        .isEqualTo(new Account(Map.of(TEAM, ALICE)));
  }

  @Test
  void doesNotPutADefaultInPlaceOfWhatIsWrong() {
    var withDefault = new ClaimNames("who", "where", TEAM);
    assertThat(withDefault.account(Map.of("who", Issuer.UUID, "where", "none"))).isNull();
    assertThat(withDefault.account(Map.of("who", 7, "where", Issuer.TEAM))).isNull();
    assertThat(withDefault.account(Map.of("where", List.of(List.of())))).isNull();
  }

  @Test
  void readsATeamInCapitals() {
    assertThat(ClaimNames.team(Issuer.TEAM.toUpperCase(Locale.ROOT))).isEqualTo(TEAM);
    assertThat(ClaimNames.team("1-1-1-1-1")).isNull();
  }
}
