package parley.signalling.app;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.Optional;
import parley.signalling.settings.Setting;

/** When the calls of a day are held against their recordings, as it is set. */
record RecordingReconcile(
    @Setting(
            value =
                "When, in UTC, the calls of the day before are held against their recordings, like"
                    + " 03:00; empty: never",
            optional = true)
        String at,
    @Setting(
            value =
                "A recording that holds less of what it should, in percent, is told of as"
                    + " incomplete",
            max = 100)
        int leastCompleteness) {

  RecordingReconcile {
    if (!at.isEmpty()) {
      try {
        LocalTime.parse(at);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "at is \"" + at + "\"; right would be a time of day, like 03:00", e);
      }
    }
  }

  static RecordingReconcile defaults() {
    return new RecordingReconcile("03:00", 99);
  }

  Optional<LocalTime> time() {
    return at.isEmpty() ? Optional.empty() : Optional.of(LocalTime.parse(at));
  }

  /** From 0 to 1. */
  double least() {
    return leastCompleteness / 100.0;
  }
}
