package parley.relay.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import parley.relay.vault.RecordingReader;

/**
 * How loud a recording is where: peaks of each track, and of all of them together.
 *
 * @param length seconds
 * @param points of each list; each stands for the same time
 * @param tracks by plain name, in the order of joining: peaks from 0 to 255, which is full scale
 * @param mix the same of the sum
 */
public record Waveform(double length, int points, Map<String, int[]> tracks, int[] mix) {

  /** More than any screen has columns, five times over. */
  public static final int MAX_POINTS = 20_000;

  /** Decoded at a sixth of the rate: what a picture shows, and much cheaper. */
  private static final int RATE_HZ = 8_000;

  private static final int FRAME = RATE_HZ / 50;
  private static final double READING = 0.1;
  private static final int STEPS = 200;

  /**
   * Decodes all tracks once.
   *
   * @param points 1 to {@link #MAX_POINTS}
   * @throws IOException with a sentence
   */
  public static Waveform of(RecordingReader reader, int points, Progress progress)
      throws IOException {
    if (points < 1 || points > MAX_POINTS) {
      throw new IllegalArgumentException("points: right would be 1 to " + MAX_POINTS);
    }
    try (TrackSounds sounds =
        TrackSounds.open(reader, reader.tracks(), RATE_HZ, progress.part(0, READING))) {
      return new Measurement(sounds, points).run(progress.part(READING, 1));
    }
  }

  /** As the HTTP API gives it. */
  public byte[] toJson() {
    try {
      return Timeline.JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a waveform can be put into words", e);
    }
  }

  /** One pass over all tracks. */
  private static final class Measurement {
    private final TrackSounds sounds;
    private final int points;
    private final long length;
    private final float[] frame = new float[FRAME];
    private final float[] sum = new float[FRAME];
    private final Map<String, int[]> tracks = new LinkedHashMap<>();
    private final int[] mix;

    Measurement(TrackSounds sounds, int points) {
      this.sounds = sounds;
      this.points = points;
      this.length = sounds.samples();
      sounds.tracks().forEach(track -> tracks.put(track.name(), new int[points]));
      this.mix = new int[points];
    }

    Waveform run(Progress progress) throws IOException {
      long every = Math.max(FRAME, length / STEPS);
      long told = -every;
      for (long at = 0; at < length; at += FRAME) {
        if (at - told >= every) {
          told = at;
          progress.at((double) at / length, "measuring");
        }
        frame(at);
      }
      progress.at(1, "measuring");
      return new Waveform(Math.round(length / 8.0) / 1000.0, points, tracks, mix);
    }

    private void frame(long at) throws IOException {
      boolean any = false;
      for (TrackSounds.Named track : sounds.tracks()) {
        if (track.sound().add(frame, FRAME)) {
          any = true;
          peaks(at, frame, tracks.getOrDefault(track.name(), mix));
          for (int i = 0; i < FRAME; i++) {
            sum[i] += frame[i];
          }
          Arrays.fill(frame, 0);
        }
      }
      if (any) {
        peaks(at, sum, mix);
        Arrays.fill(sum, 0);
      }
    }

    private void peaks(long at, float[] samples, int[] peaks) {
      int count = (int) Math.min(FRAME, length - at);
      int i = 0;
      while (i < count) {
        int point = (int) ((at + i) * points / length);
        long nextPoint = ((point + 1L) * length + points - 1) / points;
        int until = (int) Math.min(count, nextPoint - at);
        float peak = 0;
        for (; i < until; i++) {
          peak = Math.max(peak, Math.abs(samples[i]));
        }
        peaks[point] = Math.max(peaks[point], Math.min(255, Math.round(255 * peak)));
      }
    }
  }
}
