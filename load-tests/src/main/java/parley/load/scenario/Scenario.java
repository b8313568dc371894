package parley.load.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import parley.signalling.settings.Setting;
import parley.signalling.settings.Settings;
import parley.signalling.settings.SettingsException;

/**
 * A load: who calls whom, how people talk, over which networks, for how long, and what has to come
 * out. Read from a YAML file; whatever is wrong in it is told with its line and what would be
 * right.
 *
 * @param voices 0: three
 */
public record Scenario(
    @Setting("What it is called") String name,
    @Setting(value = "One sentence on what it stands for", optional = true) String about,
    @Setting(
            value =
                "How many others' voices a client can receive at a time; 3 when left out. A server"
                    + " forwards media.loudest at most",
            max = 64,
            optional = true)
        int voices,
    TalkPlan talk,
    @Setting("What follows upon what") List<Phase> phases,
    @Setting("The calls that are kept going") List<CallPlan> calls,
    @Setting("Networks that are not good, and how many people have them")
        List<NetworkPlan> networks,
    Expectation expect) {

  /** What most servers forward. */
  private static final int USUAL_VOICES = 3;

  private static final double ALL_PERCENT = 100;

  public Scenario {
    voices = voices == 0 ? USUAL_VOICES : voices;
    phases = List.copyOf(phases);
    calls = List.copyOf(calls);
    networks = List.copyOf(networks);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException(
          "phases is empty; right would be at least one, like - {name: all, lasts_s: 60,"
              + " load_percent: 100}");
    }
    if (calls.isEmpty()) {
      throw new IllegalArgumentException(
          "calls is empty; right would be at least one, like - {kind: direct, at_once: 10}");
    }
    if (phases.stream().allMatch(Phase::warmUp)) {
      throw new IllegalArgumentException(
          "every phase has warm_up: true, so that nothing would be counted; at least one must not");
    }
    if (networks.stream().mapToDouble(NetworkPlan::sharePercent).sum() > ALL_PERCENT) {
      throw new IllegalArgumentException(
          "the networks' share_percent add up to more than 100; the rest of 100 has a good one");
    }
  }

  /**
   * Reads one.
   *
   * @param name stands in front of each mistake
   * @throws SettingsException with all mistakes, each with its line and what would be right
   */
  public static Scenario parse(String text, String name) throws SettingsException {
    return Settings.read(Scenario.class, text, name);
  }

  /**
   * The file of this path, or one that Parley brings by this name.
   *
   * @throws SettingsException as {@link #parse}, or when there is neither
   */
  public static Scenario find(String nameOrFile) throws SettingsException {
    if (BuiltIn.names().contains(nameOrFile)) {
      return parse(BuiltIn.text(nameOrFile), nameOrFile);
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      throw new SettingsException(
          nameOrFile,
          "there is no such file, and no scenario of this name; there are "
              + String.join(", ", BuiltIn.names()));
    }
    try {
      return parse(Files.readString(file), nameOrFile);
    } catch (IOException e) {
      throw new SettingsException(nameOrFile, "the file cannot be read: " + e.getMessage());
    }
  }

  /** Seconds from the first phase's beginning to the last one's end. */
  public int lastsS() {
    return phases.stream().mapToInt(Phase::lastsS).sum();
  }

  /**
   * The same with all phases longer or shorter in proportion, a second each at least.
   *
   * @param seconds in all
   */
  public Scenario lasting(int seconds) {
    double factor = (double) seconds / lastsS();
    List<Phase> stretched = phases.stream().map(phase -> phase.stretched(factor)).toList();
    return new Scenario(name, about, voices, talk, stretched, calls, networks, expect);
  }

  /** The same with so many more or fewer calls, one of each kind at least. */
  public Scenario scaled(double factor) {
    List<CallPlan> more = calls.stream().map(plan -> plan.scaled(factor)).toList();
    return new Scenario(name, about, voices, talk, phases, more, networks, expect);
  }

  /** How much of the load there is to be at that time; 0 after the end. */
  public double loadAt(double seconds) {
    double beginS = 0;
    double before = 0;
    for (Phase phase : phases) {
      if (seconds < beginS + phase.lastsS()) {
        return phase.loadAt(seconds - beginS, before);
      }
      beginS += phase.lastsS();
      before = phase.loadPercent() / ALL_PERCENT;
    }
    return 0;
  }

  /** The phase of that time; the last one after the end. */
  public Phase phaseAt(double seconds) {
    double endS = 0;
    for (Phase phase : phases) {
      endS += phase.lastsS();
      if (seconds < endS) {
        return phase;
      }
    }
    return phases.getLast();
  }
}
