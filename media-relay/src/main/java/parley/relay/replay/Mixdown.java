package parley.relay.replay;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import parley.relay.mix.Limiter;
import parley.relay.vault.RecordingReader;

/**
 * All tracks of a recording as one: decoded, each at its place on the recording's clock, summed,
 * and turned down where the sum would clip. Mono, 48 kHz. It streams: what it holds depends on how
 * many tracks there are, not on how long they are.
 *
 * <p>A mix is for listening. Evidence are the tracks.
 */
public final class Mixdown {

  /** What a mix is written as. */
  public enum Format {
    OGG_OPUS(".opus", "audio/ogg; codecs=opus"),
    /** PCM of 16 bits; RF64 beyond twelve hours. */
    WAV(".wav", "audio/wav");

    private final String ending;
    private final String mediaType;

    Format(String ending, String mediaType) {
      this.ending = ending;
      this.mediaType = mediaType;
    }

    /** Of a file's name, with its dot. */
    public String ending() {
      return ending;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  private static final int RATE_HZ = 48_000;

  /** 20 ms. */
  private static final int FRAME = RATE_HZ / 50;

  /** What finding out how long the tracks are takes of all the work. */
  private static final double READING = 0.05;

  private static final int STEPS = 200;

  private final TrackSounds sounds;
  private final List<MixedSound> outs;
  private final Limiter limiter = new Limiter();

  private Mixdown(TrackSounds sounds, List<MixedSound> outs) {
    this.sounds = sounds;
    this.outs = outs;
  }

  /**
   * Mixes all tracks.
   *
   * @param out is not closed
   * @throws IOException with a sentence; when a track is damaged, before anything is written
   */
  public static void write(
      RecordingReader reader, Format format, OutputStream out, Progress progress)
      throws IOException {
    write(reader, Map.of(format, out), progress);
  }

  /** The same in several formats at once: decoding is what takes the time. */
  public static void write(
      RecordingReader reader, Map<Format, OutputStream> outs, Progress progress)
      throws IOException {
    write(reader, reader.tracks(), outs, progress);
  }

  /**
   * Mixes some tracks; one alone is that speaker decoded.
   *
   * @param tracks names as in {@code call.json}, or their plain ones
   */
  public static void write(
      RecordingReader reader,
      List<String> tracks,
      Format format,
      OutputStream out,
      Progress progress)
      throws IOException {
    write(reader, tracks, Map.of(format, out), progress);
  }

  private static void write(
      RecordingReader reader,
      List<String> tracks,
      Map<Format, OutputStream> outs,
      Progress progress)
      throws IOException {
    if (tracks.isEmpty()) {
      throw new IOException("recording " + reader.folder().getFileName() + " has no track here");
    }
    try (TrackSounds sounds =
        TrackSounds.open(reader, tracks, RATE_HZ, progress.part(0, READING))) {
      List<MixedSound> writers = new ArrayList<>();
      for (Map.Entry<Format, OutputStream> out : outs.entrySet()) {
        writers.add(
            switch (out.getKey()) {
              case OGG_OPUS -> new OpusMixWriter(out.getValue(), comments(reader, tracks));
              case WAV -> new WaveWriter(out.getValue(), sounds.samples());
            });
      }
      new Mixdown(sounds, writers).run(progress.part(READING, 1));
    }
  }

  private static List<String> comments(RecordingReader reader, List<String> tracks) {
    List<String> comments = new ArrayList<>();
    comments.add(
        "COMMENT=mixed from "
            + (tracks.size() == 1 ? "one track" : tracks.size() + " tracks")
            + "; evidence are the tracks");
    try {
      Timeline line = Timeline.read(reader.folder());
      comments.add("TITLE=" + line.title());
      comments.add("DATE=" + line.began());
      comments.add("CALL=" + line.call());
    } catch (IOException e) {
      // What cannot be described any more can still be heard.
    }
    return comments;
  }

  private void run(Progress progress) throws IOException {
    String step =
        sounds.tracks().size() == 1
            ? "decoding " + sounds.tracks().getFirst().name()
            : "mixing " + sounds.tracks().size() + " tracks";
    // The frame before the beginning: with it the limiter has seen the first one coming.
    float[] frame = new float[FRAME];
    float[] next = new float[FRAME];
    long length = sounds.samples();
    long every = Math.max(FRAME, length / STEPS);
    long told = -every;
    for (long at = -FRAME; at < length; at += FRAME) {
      if (at - told >= every) {
        told = at;
        progress.at((double) Math.max(0, at) / length, step);
      }
      sounds.add(next, FRAME);
      limiter.process(frame, FRAME, Limiter.peak(next, 0));
      if (at >= 0) {
        write(frame, (int) Math.min(FRAME, length - at));
      }
      float[] done = frame;
      frame = next;
      next = done;
      Arrays.fill(next, 0);
    }
    for (MixedSound out : outs) {
      out.finish();
    }
    progress.at(1, step);
  }

  private void write(float[] frame, int count) throws IOException {
    for (MixedSound out : outs) {
      out.write(frame, count);
    }
  }
}
