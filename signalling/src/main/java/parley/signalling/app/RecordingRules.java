package parley.signalling.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Consent;
import parley.relay.api.RecordingPolicy.Mode;
import parley.relay.api.RecordingPolicy.Who;
import parley.signalling.directory.Directory;
import parley.signalling.directory.Team;
import parley.signalling.session.RecordingPolicies;
import parley.signalling.settings.Problem;
import parley.signalling.settings.Setting;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.TeamId;

/** Which calls are recorded, and what follows when one cannot be. */
record RecordingRules(
    @Setting(
            "Policy of chats and teams that have none of their own: off, optional, required_before,"
                + " required_during, or one of policies")
        String byDefault,
    @Setting("Teams with another default") List<TeamRule> teams,
    @Setting("Policies beside the four that are always there") List<Policy> policies) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  record TeamRule(
      @Setting("The team's uid") String team,
      @Setting("Name of the policy for its chats that name none") String policy) {
    TeamRule {
      UUID.fromString(team); // refuses what is wrong
    }
  }

  record Policy(
      @Setting("Letters, digits, - _ and .; what a directory calls it in recording") String name,
      @Setting("Yours; to be changed with everything else, for it stands in each recording")
          String version,
      @Setting(
              value =
                  "off; optional: the call goes on when it cannot be recorded; required_before: no"
                      + " call begins unrecorded; required_during: none goes on unrecorded either",
              oneOf = {"off", "optional", "required_before", "required_during"})
          String mode,
      @Setting(
              value =
                  "With required_during, how many seconds a recording that broke off may take to"
                      + " begin anew before the call ends; 10 when left out",
              optional = true,
              max = 3_600)
          int graceS,
      @Setting("Whether all who are in the call hear that it is recorded, also who comes later")
          boolean notice,
      @Setting(
              value =
                  "not_asked; or_not_admitted: who does not agree does not come in;"
                      + " or_not_captured: he comes in and is not recorded; not_asked when left"
                      + " out",
              optional = true,
              oneOf = {"not_asked", "or_not_admitted", "or_not_captured"})
          String consent,
      @Setting(
              value =
                  "Who may switch recording in a running call, as far as the mode lets: nobody,"
                      + " servers, admins (and servers), participants (and all of them); servers"
                      + " when left out",
              optional = true,
              oneOf = {"nobody", "servers", "admins", "participants"})
          String maySwitch,
      @Setting(
              value = "Who may keep parts of a call out of its recording; servers when left out",
              optional = true,
              oneOf = {"nobody", "servers", "admins", "participants"})
          String mayMask,
      @Setting(value = "Class of retention that its recordings belong to", optional = true)
          String retention,
      @Setting(
              value = "How many days they are kept at least; 0: nothing keeps them",
              optional = true,
              max = 36_500)
          int retentionDays,
      @Setting("Whether they are on legal hold from the start: nothing deletes them")
          boolean legalHold) {
    Policy {
      if (!NAME.matcher(name).matches() || !NAME.matcher(version).matches()) {
        throw new IllegalArgumentException(
            "name and version: right would be 1 to 64 letters, digits, - _ and .");
      }
      if (RecordingPolicies.builtIn().byName().containsKey(name)) {
        throw new IllegalArgumentException(
            "name " + name + " is always there already; right would be another one");
      }
    }

    RecordingPolicy policy() {
      return new RecordingPolicy(
          name,
          version,
          word(Mode.class, mode, Mode.OFF),
          graceS == 0 ? RecordingPolicy.DEFAULT_GRACE_S : graceS,
          notice,
          word(Consent.class, consent, Consent.NOT_ASKED),
          word(Who.class, maySwitch, Who.SERVERS),
          word(Who.class, mayMask, Who.SERVERS),
          retention,
          retentionDays,
          legalHold);
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text, E usual) {
      return text.isEmpty() ? usual : Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
  }

  RecordingRules {
    Set<String> names = new HashSet<>(RecordingPolicies.builtIn().byName().keySet());
    for (Policy policy : policies) {
      if (!names.add(policy.name())) {
        throw new IllegalArgumentException("two policies are called " + policy.name());
      }
    }
    check(names, byDefault, "by_default");
    for (TeamRule rule : teams) {
      check(names, rule.policy(), "teams");
    }
  }

  private static void check(Set<String> names, String name, String where) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          where
              + ": there is no policy "
              + name
              + "; right would be one of "
              + new TreeSet<>(names));
    }
  }

  static RecordingRules defaults() {
    return new RecordingRules("off", List.of(), List.of());
  }

  RecordingPolicies toPolicies() {
    Map<String, RecordingPolicy> byName = new HashMap<>(RecordingPolicies.builtIn().byName());
    policies.forEach(policy -> byName.put(policy.name(), policy.policy()));
    Map<TeamId, String> byTeam = new HashMap<>();
    teams.forEach(rule -> byTeam.put(TeamId.of(rule.team()), rule.policy()));
    return new RecordingPolicies(byName, byTeam, byDefault);
  }

  /**
   * Looks whether a directory names only policies that there are.
   *
   * @param directory null: it is asked for later, and what it names then is refused call by call
   */
  void check(@Nullable Directory directory, String file) throws SettingsException {
    if (directory == null) {
      return;
    }
    Set<String> names = toPolicies().byName().keySet();
    List<Problem> problems = new ArrayList<>();
    for (Team team : directory.teams()) {
      for (String name : team.recordingsNamed()) {
        if (!names.contains(name)) {
          problems.add(
              new Problem(
                  file,
                  "recording: team "
                      + team.name()
                      + " names the policy "
                      + name
                      + ", which is not in recording.rules.policies; right would be one of "
                      + new TreeSet<>(names)));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }
}
