package parley.signalling.session;

import java.util.Map;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Consent;
import parley.relay.api.RecordingPolicy.Mode;
import parley.relay.api.RecordingPolicy.Who;
import parley.signalling.wire.TeamId;

/**
 * Which policies there are, and which holds where. A chat's own comes first, then its team's, then
 * the one for all; {@code audiorecord: true} in a directory is at least {@code optional}.
 *
 * @param byName those of the settings, and {@code off}, {@code optional}, {@code required_before},
 *     {@code required_during}
 * @param byTeam names, for teams that have one of their own
 * @param byDefault name, for all others
 */
public record RecordingPolicies(
    Map<String, RecordingPolicy> byName, Map<TeamId, String> byTeam, String byDefault) {

  public RecordingPolicies {
    byName = Map.copyOf(byName);
    byTeam = Map.copyOf(byTeam);
  }

  /** Those that need no settings. */
  public static RecordingPolicies builtIn() {
    return new RecordingPolicies(
        Map.of(
            "off",
            RecordingPolicy.OFF,
            "optional",
            RecordingPolicy.OPTIONAL,
            "required_before",
            RecordingPolicy.plain(Mode.REQUIRED_BEFORE, true),
            "required_during",
            RecordingPolicy.plain(Mode.REQUIRED_DURING, true)),
        Map.of(),
        "off");
  }

  /**
   * How calls somewhere are recorded.
   *
   * @param named what the chat itself asks for; empty: nothing
   * @param audiorecord whether the directory wants it recorded, and says no more
   */
  RecordingPolicy of(TeamId team, String named, boolean audiorecord) {
    if (!named.isEmpty()) {
      return find(named);
    }
    RecordingPolicy usual = find(byTeam.getOrDefault(team, byDefault));
    return audiorecord && !usual.records() ? find("optional") : usual;
  }

  /** One that is not known might be the strictest. */
  private RecordingPolicy find(String name) {
    RecordingPolicy found = byName.get(name);
    return found != null ? found : unknown(name);
  }

  private static RecordingPolicy unknown(String name) {
    return new RecordingPolicy(
        name,
        UNKNOWN,
        Mode.REQUIRED_DURING,
        0,
        true,
        Consent.NOT_ASKED,
        Who.NOBODY,
        Who.NOBODY,
        "",
        0,
        false);
  }

  /** The version of a policy that a directory names and no setting explains. */
  static final String UNKNOWN = "unknown";

  static boolean isKnown(RecordingPolicy policy) {
    return !policy.version().equals(UNKNOWN);
  }
}
