package parley.load.bench.talk;

import java.util.ArrayList;
import java.util.List;
import parley.load.bench.media.Voice;
import parley.load.bench.server.JanusBridge;

/**
 * The settings of Janus AudioBridge that suit a sound best, found by its own rule: the levels of so
 * many packets are averaged, then the next so many; talking begins with an average that is louder
 * than the threshold and ends with one that is softer.
 */
final class JanusTuning {

  private static final int[] PACKETS = {3, 5, 7, 10, 15, 20, 25, 30, 50};
  private static final int[] LEVELS = {25, 28, 30, 32, 35, 38, 40, 42, 45, 48, 50};
  private static final int FRAME_MS = 20;

  private JanusTuning() {}

  /**
   * With the least time told wrongly, falsely or missed.
   *
   * @param voices of the tracks, in their order
   */
  static JanusBridge.Room best(List<Track> tracks, List<Voice> voices, int samplingRateHz) {
    JanusBridge.Room best = new JanusBridge.Room(samplingRateHz);
    double leastWrongMs = Double.MAX_VALUE;
    for (int packets : PACKETS) {
      for (int level : LEVELS) {
        TalkScore score = new TalkScore();
        for (int i = 0; i < tracks.size(); i++) {
          score.add(tracks.get(i), changes(voices.get(i), packets, level));
        }
        if (score.falseMs + score.missedMs < leastWrongMs) {
          leastWrongMs = score.falseMs + score.missedMs;
          best = new JanusBridge.Room(samplingRateHz, packets, level);
        }
      }
    }
    return best;
  }

  private static List<TalkScore.Change> changes(Voice voice, int packets, int level) {
    List<TalkScore.Change> changes = new ArrayList<>();
    boolean talking = false;
    int sum = 0;
    for (int i = 0; i < voice.length(); i++) {
      sum += voice.levels()[i];
      if ((i + 1) % packets != 0) {
        continue;
      }
      double average = (double) sum / packets;
      sum = 0;
      boolean now = talking ? average <= level : average < level;
      if (now != talking) {
        talking = now;
        changes.add(new TalkScore.Change((i + 1.0) * FRAME_MS, talking));
      }
    }
    return changes;
  }
}
