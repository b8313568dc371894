package parley.signalling.directory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.signalling.call.CallPlace;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

class DirectoryTest {

  private static final TeamId TEAM = new TeamId("11111111-1111-4111-8111-111111111111");
  private static final Jid ANN = Jid.of("d-aaaaaaaa-0000-4000-8000-000000000001");
  private static final Jid BEN = Jid.of("d-bbbbbbbb-0000-4000-8000-000000000002");
  private static final Jid CAT = Jid.of("d-cccccccc-0000-4000-8000-000000000003");
  private static final Jid PAIR = Jid.of("g-00000000-0000-4000-8000-00000000000a");
  private static final Jid ALL = Jid.of("t-00000000-0000-4000-8000-00000000000b");

  private static final String FILE =
      """
      teams:
        - uid: 11111111-1111-4111-8111-111111111111
          name: Small
          record_direct_calls: true
          contacts:
            - {jid: d-aaaaaaaa-0000-4000-8000-000000000001, display_name: Ann Á. Bell, admin: true, tokens: [ann, ann-phone]}
            - {jid: d-bbbbbbbb-0000-4000-8000-000000000002, display_name: Ben, tokens: [ben]}
            - {jid: d-cccccccc-0000-4000-8000-000000000003, display_name: Cat}
          chats:
            - jid: g-00000000-0000-4000-8000-00000000000a
              display_name: Pair
              audiorecord: true
              mute_all: admins
              members: [d-aaaaaaaa-0000-4000-8000-000000000001, d-bbbbbbbb-0000-4000-8000-000000000002]
            - {jid: t-00000000-0000-4000-8000-00000000000b, display_name: Everyone's task}
      """;

  private static Team team() throws SettingsException {
    return requireNonNull(Directory.parse(FILE, "small.yaml").team(TEAM));
  }

  @Test
  void knowsWhoseTokenItIs() throws Exception {
    Directory directory = Directory.parse(FILE, "small.yaml");
    assertThat(requireNonNull(directory.account("ann-phone")).in(TEAM)).isEqualTo(ANN);
    assertThat(requireNonNull(directory.account("ben")).in(TEAM)).isEqualTo(BEN);
    assertThat(directory.account("cat")).isNull();
    assertThat(directory.account("")).isNull();
  }

  @Test
  void fillsInWhatIsLeftOut() throws Exception {
    Contact ann = requireNonNull(team().contact(ANN));
    assertThat(ann.shortName()).isEqualTo("Ann");
    assertThat(ann.icon().letters()).isEqualTo("AÁ");
    assertThat(ann.role()).isEmpty();
    assertThat(requireNonNull(team().chat(ALL)).members()).containsExactly(ANN, BEN, CAT);
    assertThat(requireNonNull(team().chat(ALL)).everyoneMutes()).isTrue();
    assertThat(requireNonNull(team().chat(PAIR)).everyoneMutes()).isFalse();
  }

  @Test
  void findsThePlaceOfACallOnlyForThoseWhoMayBeThere() throws Exception {
    Team team = team();
    assertThat(team.place(ANN, PAIR)).isInstanceOf(CallPlace.Chat.class);
    assertThat(requireNonNull(team.place(ANN, PAIR)).audiorecord()).isTrue();
    assertThat(requireNonNull(team.place(CAT, ANN)).audiorecord()).isTrue();
    assertThat(requireNonNull(team.place(CAT, ANN)).key())
        .isEqualTo(requireNonNull(team.place(ANN, CAT)).key());
    assertThat(team.place(CAT, PAIR)).as("not a member").isNull();
    assertThat(team.place(ANN, ANN)).as("himself").isNull();
    assertThat(team.place(ANN, Jid.of("g-99999999-0000-4000-8000-000000000000"))).isNull();
    assertThat(team.place(ANN, Jid.of("d-99999999-0000-4000-8000-000000000000"))).isNull();
  }

  @Test
  void listsTheChatsOfAContact() throws Exception {
    assertThat(team().chatsOf(CAT)).extracting(Chat::jid).containsExactly(ALL);
    assertThat(team().chatsOf(ANN)).extracting(Chat::jid).containsExactly(PAIR, ALL);
  }

  @Test
  void namesWhatDoesNotFitTogether() {
    String file =
        """
        teams:
          - uid: nonsense
            name: A
          - uid: 11111111-1111-4111-8111-111111111111
            name: B
            contacts:
              - {jid: g-aaaaaaaa-0000-4000-8000-000000000001, display_name: Group}
              - {jid: d-bbbbbbbb-0000-4000-8000-000000000002, display_name: Ben, tokens: [same, "with space"]}
              - {jid: d-cccccccc-0000-4000-8000-000000000003, display_name: Cat, tokens: [same], color: red}
              - {jid: d-dddddddd-0000-4000-8000-000000000004, display_name: Dan, tokens: [same]}
            chats:
              - {jid: g-0, display_name: Short}
              - jid: g-00000000-0000-4000-8000-00000000000a
                display_name: Strangers
                members: [d-eeeeeeee-0000-4000-8000-000000000005]
        """;
    var refused =
        catchThrowableOfType(SettingsException.class, () -> Directory.parse(file, "d.yaml"));
    List<String> said = refused.problems().stream().map(problem -> problem.toString()).toList();
    assertThat(said)
        .containsExactly(
            "d.yaml: teams[0].uid: Invalid UUID string: nonsense",
            "d.yaml: teams[1].contacts[0].jid: g-aaaaaaaa-0000-4000-8000-000000000001 names no"
                + " person; a contact's jid begins with d-",
            "d.yaml: teams[1].contacts[1].tokens[1]: right would be letters, digits and - _ ."
                + " without spaces",
            "d.yaml: teams[1].contacts[2]: color is \"red\"; right would be like \"#4f6bed\""
                + " (quoted: # begins a comment)",
            "d.yaml: teams[1].contacts[3].tokens[0]: the token is another contact's already:"
                + " d-bbbbbbbb-0000-4000-8000-000000000002",
            "d.yaml: teams[1].chats[0].jid: not a jid: g-0 (expected d-, g- or t- followed by a"
                + " UUID)",
            "d.yaml: teams[1].chats[1].members[0]: d-eeeeeeee-0000-4000-8000-000000000005 is not a"
                + " contact of this team");
  }

  @Test
  void hasADemoTeamWhosePeopleAreToldApartByTheirFirstDigits() {
    DemoTeam demo = DemoTeam.load();
    Team team = demo.team();
    assertThat(team.uid().value()).isEqualTo("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
    assertThat(team.contacts())
        .extracting(Contact::shortName)
        .containsExactly("Alice", "Bob", "Carol", "Dave", "Erin", "Frank");
    assertThat(team.contacts())
        .extracting(contact -> contact.jid().toString().substring(0, 10))
        .doesNotHaveDuplicates();
    for (Contact contact : team.contacts()) {
      String token = requireNonNull(demo.token(contact.jid()));
      assertThat(token).isEqualToIgnoringCase(contact.shortName());
      assertThat(requireNonNull(demo.directory().account(token)).in(team.uid()))
          .isEqualTo(contact.jid());
    }
    Jid meeting = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");
    assertThat(requireNonNull(team.chat(meeting)).audiorecord()).isTrue();
    assertThat(requireNonNull(team.chat(meeting)).members()).hasSize(6);
    assertThat(team.recordDirectCalls()).isFalse();
  }

  @Test
  void drawsLettersThatCannotBeMarkup() {
    assertThat(new Icon("<&", "#4f6bed").svg()).contains("&lt;&amp;").doesNotContain("<&");
  }

  @Test
  void putsTheAddressAClientUsedIntoIconUrls() throws Exception {
    String url = requireNonNull(requireNonNull(team().contact(ANN)).icons().sm()).url();
    assertThat(IconUrls.resolve("{\"url\":\"" + url + "\"}", "https://chat.example"))
        .isEqualTo("{\"url\":\"https://chat.example/icons/" + ANN + ".svg\"}");
    assertThat(Directory.parse(FILE, "small.yaml").icon(ANN.toString())).isNotNull();
    assertThat(Directory.parse(FILE, "small.yaml").icon("../secret")).isNull();
  }
}
