package parley.signalling.recordings;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.archive.Archive;
import parley.relay.index.IndexedRecording;
import parley.relay.index.IndexedRecording.Party;
import parley.relay.replay.Mixdown;
import parley.relay.replay.Mixdown.Format;
import parley.relay.replay.Waveform;
import parley.relay.vault.RecordingReader;
import parley.signalling.audit.Access;

/** Hearing a recording: one speaker as recorded, all of them mixed, and how loud they are. */
final class Playing {

  private static final int USUAL_POINTS = 1_000;

  private static final Map<String, Format> FORMATS =
      Map.of("opus", Format.OGG_OPUS, "wav", Format.WAV);

  /** Writes it down before it is heard. */
  @FunctionalInterface
  interface Writer {
    void write(Access access) throws Refusal;
  }

  private final Archive archive;
  private final Operations operations;
  private final Plays plays;
  private final Scratch scratch;
  private final Writer accesses;

  Playing(Archive archive, Operations operations, Plays plays, Scratch scratch, Writer accesses) {
    this.archive = archive;
    this.operations = operations;
    this.plays = plays;
    this.scratch = scratch;
    this.accesses = accesses;
  }

  record Track(String track, String contact, String name) {}

  /** What can be heard with it. */
  record PlayBody(String play, String expires, List<Track> tracks, boolean mix) {}

  /** Being made. */
  record Waiting(String state, double progress) {}

  Reply begin(Asked asked) throws Refusal, IOException {
    asked.only("why");
    IndexedRecording row = operations.find(asked);
    archive.open(asked.id()).close(); // or it says why not
    String id = plays.begin(asked.visitor().who(), asked.id(), asked.why());
    Plays.Play play = plays.find(id, asked.visitor().who(), asked.id());
    if (play == null) {
      throw new Refusal(Refusal.Code.BUSY, "too much is heard at once");
    }
    List<Track> tracks =
        row.parties().stream()
            .filter(party -> !party.track().isEmpty())
            .map(party -> new Track(party.track(), party.contact(), party.name()))
            .toList();
    String until = play.until().truncatedTo(ChronoUnit.SECONDS).toString();
    return Reply.json(201, new PlayBody(id, until, tracks, !tracks.isEmpty()));
  }

  Reply track(Asked asked) throws Refusal, IOException {
    Format format = format(asked);
    String track = asked.last();
    IndexedRecording row = operations.find(asked);
    if (row.parties().stream().map(Party::track).noneMatch(track::equals) || track.isEmpty()) {
      throw new Refusal(Refusal.Code.NOT_FOUND, "there is no such track in this recording");
    }
    if (format == Format.WAV) {
      heard(asked, track);
      return made(
          asked,
          asked.id() + " " + track + ".wav",
          reader -> (out, progress) -> Mixdown.write(reader, List.of(track), format, out, progress),
          format.mediaType());
    }
    try (RecordingReader reader = archive.open(asked.id())) {
      long length = reader.length(track);
      heard(asked, track);
      return Reply.sound(new TrackSound(archive, asked.id(), track, length), format.mediaType());
    }
  }

  /** A track as it was recorded, decrypted where it is read. */
  private record TrackSound(Archive archive, String id, String track, long length)
      implements Sound {
    @Override
    public InputStream open(long from) throws IOException {
      RecordingReader reader = archive.open(id);
      try {
        return new FilterInputStream(reader.track(track, from)) {
          @Override
          public void close() throws IOException {
            try (reader) {
              super.close();
            }
          }
        };
      } catch (IOException e) {
        reader.close();
        throw e;
      }
    }
  }

  Reply mix(Asked asked) throws Refusal, IOException {
    Format format = format(asked);
    operations.find(asked);
    heard(asked, "mix");
    return made(
        asked,
        asked.id() + " mix" + format.ending(),
        reader -> (out, progress) -> Mixdown.write(reader, format, out, progress),
        format.mediaType());
  }

  Reply waveform(Asked asked) throws Refusal, IOException {
    int points = points(asked.query().get("points"));
    operations.find(asked);
    play(asked);
    return made(
        asked,
        asked.id() + " waveform " + points,
        reader -> (out, progress) -> out.write(Waveform.of(reader, points, progress).toJson()),
        Reply.JSON_TYPE);
  }

  private static int points(@Nullable String text) throws Refusal {
    try {
      int points = text == null ? USUAL_POINTS : Integer.parseInt(text);
      if (points >= 1 && points <= Waveform.MAX_POINTS) {
        return points;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Refusal.invalid("points: right would be 1 to " + Waveform.MAX_POINTS);
  }

  private static Format format(Asked asked) throws Refusal {
    String text = asked.query().get("format");
    Format format = FORMATS.get(text == null ? "opus" : text);
    if (format == null) {
      throw Refusal.invalid("format: right would be opus or wav");
    }
    return format;
  }

  private Plays.Play play(Asked asked) throws Refusal {
    String id = asked.query().get("play");
    Plays.Play play = plays.find(id, asked.visitor().who(), asked.id());
    if (play == null) {
      throw new Refusal(
          Refusal.Code.GONE, "play is over, or another's: right would be what plays tells now");
    }
    return play;
  }

  /** What is heard for the first time is written down. */
  private void heard(Asked asked, String what) throws Refusal {
    Plays.Play play = play(asked);
    if (!plays.first(play, what)) {
      return;
    }
    try {
      accesses.write(
          Access.allowed(
              play.who(), "recordings.hear", asked.id() + " " + what, play.why(), asked.from()));
    } catch (Refusal refusal) {
      plays.forget(play, what);
      throw refusal;
    }
  }

  /** What to make of a recording that is open. */
  private interface Recipe {
    Scratch.Maker of(RecordingReader reader);
  }

  private Reply made(Asked asked, String key, Recipe recipe, String type)
      throws Refusal, IOException {
    archive.open(asked.id()).close(); // or it says why not
    String id = asked.id();
    Scratch.Look look =
        scratch.ask(
            key,
            (out, progress) -> {
              try (RecordingReader reader = archive.open(id)) {
                recipe.of(reader).make(out, progress);
              }
            });
    Path file = look.file();
    if (file != null) {
      return Reply.sound(Sound.of(file, Files.size(file)), type);
    }
    if (look.state() == Scratch.State.FAILED) {
      throw new Refusal(Refusal.Code.NOT_NOW, String.valueOf(look.detail()));
    }
    return Reply.json(202, new Waiting("running", look.progress())).with("retry-after", "1");
  }
}
