package parley.relay.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import parley.relay.recording.OggOpusReader;
import parley.relay.vault.RecordingReader;

/**
 * Tracks of one recording side by side: all begin when the recording began, so they are on one
 * clock. Each takes an open file, some kilobytes, and a decoder once it sounds.
 */
final class TrackSounds implements AutoCloseable {

  /** A track that is heard. */
  record Named(String name, TrackSound sound) {}

  private final List<Named> tracks = new ArrayList<>();
  private final long samples;

  private TrackSounds(long samples) {
    this.samples = samples;
  }

  /**
   * Opens tracks.
   *
   * @param names of tracks; each is read once to its end first, so that damage is found before
   *     anything is made of them
   */
  static TrackSounds open(RecordingReader reader, List<String> names, int rateHz, Progress progress)
      throws IOException {
    long longest = 0;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      progress.at((double) i / names.size(), "reading " + RecordingReader.plainName(name));
      longest = Math.max(longest, OggOpusReader.length(reader.track(name), name));
    }
    int step = 48_000 / rateHz;
    TrackSounds sounds = new TrackSounds((longest + step - 1) / step);
    try {
      for (String name : names) {
        OggOpusReader track = OggOpusReader.open(reader.track(name), name);
        sounds.tracks.add(
            new Named(RecordingReader.plainName(name), new TrackSound(track, rateHz)));
      }
      return sounds;
    } catch (IOException | RuntimeException e) {
      sounds.close();
      throw e;
    }
  }

  List<Named> tracks() {
    return tracks;
  }

  /** How long the longest of them plays, at the rate they were opened with. */
  long samples() {
    return samples;
  }

  /** Adds what comes next of all of them. */
  void add(float[] sum, int count) throws IOException {
    for (Named track : tracks) {
      track.sound().add(sum, count);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Named track : tracks) {
      try {
        track.sound().close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
