package parley.load.report;

import java.util.List;
import java.util.Map;

/**
 * All that a run gave.
 *
 * @param title of the scenario
 * @param about a sentence; may be empty
 * @param server what was loaded
 * @param facts name and value of what else was so: the seed, the machine
 * @param figures over all phases that count
 * @param mos how many streams had an opinion score within each tenth, from 1.0 on
 * @param errors in the whole run, by cause
 * @param charts more than every run has
 */
public record Outcome(
    String title,
    String about,
    String server,
    String startedAt,
    Map<String, String> facts,
    List<Judged> figures,
    List<Sample> samples,
    long[] mos,
    Map<String, Long> errors,
    List<Chart> charts) {

  /** Scores from 1.0 to 4.5, a tenth each. */
  public static final int MOS_CLASSES = 36;

  public Outcome {
    figures = List.copyOf(figures);
    samples = List.copyOf(samples);
    charts = List.copyOf(charts);
  }

  /** Everything came out as expected. */
  public boolean met() {
    return figures.stream().allMatch(Judged::met);
  }

  /** The same run under another title, with more to tell. */
  public Outcome with(String otherTitle, List<Judged> otherFigures, List<Chart> moreCharts) {
    return new Outcome(
        otherTitle,
        about,
        server,
        startedAt,
        facts,
        otherFigures,
        samples,
        mos,
        errors,
        moreCharts);
  }

  /** The class of a score in {@link #mos}. */
  public static int mosClass(double score) {
    return Math.clamp((int) Math.floor((score - 1) * 10 + 1e-9), 0, MOS_CLASSES - 1);
  }
}
