package parley.relay.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Ffmpeg;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

@Timeout(120)
class MixdownTest {

  /** Tones that 10 ms tell apart. */
  private static final int ALICE = 400;

  private static final int BOB = 900;
  private static final int CAROL = 1700;

  private static final int WINDOW = 480;
  private static final double LENGTH_S = 10;

  /** Half of a tone of 0.3, in samples of 16 bits. */
  private static final double LOUD = 0.15 * 32_767;

  @TempDir Path folder;

  private static final SigningKey KEY = SigningKey.create();

  /** Everything that moves things about: late joining, leaving, loss, mute, mask. */
  private Path record() throws Exception {
    SpokenCall call = new SpokenCall(folder.resolve("recordings"), KEY, KeyRing.NONE);
    call.joins("Alice", ALICE, 0).says(200, 3000).leaves(3200);
    call.joins("Bob", BOB, 4000).says(4500, 6500);
    call.joins("Carol", CAROL, 0)
        .says(1000, 2000)
        .mutes(2000, 5000)
        .says(5000, 5400)
        .loses(5400, 5600)
        .says(5600, 6000)
        .isMasked(7000, 8000)
        .says(8000, 9000);
    return call.ends((long) (1000 * LENGTH_S));
  }

  private Path mix(Path recording, Mixdown.Format format) throws IOException {
    Path file = folder.resolve("mix" + format.ending());
    try (RecordingReader reader = RecordingReader.open(recording, KeyRing.NONE);
        OutputStream out = Files.newOutputStream(file)) {
      Mixdown.write(reader, format, out, Progress.NONE);
    }
    return file;
  }

  private static short[] wave(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getInt(40)).as("length of the samples").isEqualTo(bytes.limit() - 44);
    short[] pcm = new short[(bytes.limit() - 44) / 2];
    bytes.position(44).asShortBuffer().get(pcm);
    return pcm;
  }

  /** From where to where a tone is heard, in ms. */
  private static List<long[]> spans(short[] pcm, int hertz) {
    List<long[]> spans = new ArrayList<>();
    long since = -1;
    for (int at = 0; at + WINDOW <= pcm.length; at += 48) {
      boolean loud = Ffmpeg.amplitude(pcm, at, at + WINDOW, hertz) > LOUD;
      long middle = (at + WINDOW / 2) / 48;
      if (loud && since < 0) {
        since = middle;
      } else if (!loud && since >= 0) {
        if (middle - since > 60) {
          spans.add(new long[] {since, middle});
        }
        since = -1;
      }
    }
    if (since >= 0) {
      spans.add(new long[] {since, pcm.length / 48});
    }
    return spans;
  }

  private static void assertHeard(short[] pcm, int hertz, long[]... expected) {
    List<long[]> heard = spans(pcm, hertz);
    String all = String.join(" ", heard.stream().map(s -> s[0] + "–" + s[1]).toList());
    assertThat(heard).as("%d Hz heard at %s", hertz, all).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(heard.get(i)[0]).as(all).isCloseTo(expected[i][0], within(20L));
      assertThat(heard.get(i)[1]).as(all).isCloseTo(expected[i][1], within(20L));
    }
  }

  @ParameterizedTest
  @EnumSource
  void holdsEveryToneWhereItWasSaid(Mixdown.Format format) throws Exception {
    Path file = mix(record(), format);
    boolean wav = format == Mixdown.Format.WAV;
    assertThat(Ffmpeg.probe(file)).contains(wav ? "codec_name=pcm_s16le" : "codec_name=opus");
    // ffprobe counts the pre-skip of Ogg Opus as playing time.
    assertThat(Ffmpeg.duration(file)).isCloseTo(LENGTH_S + (wav ? 0 : 0.0065), within(0.001));
    short[] pcm = wav ? wave(file) : Ffmpeg.decode(file, "libopus");
    assertThat(pcm.length / 48_000.0).isCloseTo(LENGTH_S, within(0.001));
    assertHeard(pcm, ALICE, new long[] {200, 3000});
    assertHeard(pcm, BOB, new long[] {4500, 6500});
    List<long[]> carol = spans(pcm, CAROL);
    assertThat(carol.getFirst()[0]).isCloseTo(1000, within(20L));
    assertThat(carol.getFirst()[1]).isCloseTo(2000, within(20L));
    assertThat(carol.getLast()[0]).isCloseTo(8000, within(20L));
    assertThat(carol.getLast()[1]).isCloseTo(9000, within(20L));
    // What was lost is bridged for a while; behind it all is where it was.
    assertThat(carol.get(1)[0]).isCloseTo(5000, within(20L));
    assertThat(carol.get(carol.size() - 2)[1]).isCloseTo(6000, within(20L));
  }

  @Test
  void turnsDownWhatWouldClip() throws Exception {
    SpokenCall call = new SpokenCall(folder.resolve("recordings"), KEY, KeyRing.NONE);
    call.joins("Alice", ALICE, 0.9, 0).says(0, 4000);
    call.joins("Bob", BOB, 0.9, 0).says(1000, 4000);
    call.joins("Carol", CAROL, 0.9, 0).says(2000, 4000);
    short[] pcm = wave(mix(call.ends(4000), Mixdown.Format.WAV));
    int loudest = 0;
    for (short sample : pcm) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    assertThat(loudest).isBetween((int) (0.9 * 32_767), (int) (0.951 * 32_767));
    double voice = Ffmpeg.amplitude(pcm, 3 * 48_000, (int) (3.9 * 48_000), BOB);
    assertThat(voice).isGreaterThan(0.25 * 32_767);
    for (int distortion : List.of(2 * BOB - ALICE, CAROL + ALICE, 3 * BOB, CAROL - BOB)) {
      assertThat(Ffmpeg.amplitude(pcm, 3 * 48_000, (int) (3.9 * 48_000), distortion))
          .as("%d Hz, which nobody said", distortion)
          .isLessThan(voice / 50);
    }
  }

  @Test
  void decodesOneSpeakerAlone() throws Exception {
    Path recording = record();
    Path file = folder.resolve("bob.wav");
    try (RecordingReader reader = RecordingReader.open(recording, KeyRing.NONE);
        OutputStream out = Files.newOutputStream(file)) {
      Mixdown.write(reader, List.of("02-carol.opus"), Mixdown.Format.WAV, out, Progress.NONE);
      assertThatThrownBy(
              () ->
                  Mixdown.write(
                      reader, List.of("../call.json"), Mixdown.Format.WAV, out, Progress.NONE))
          .hasMessageContaining("has no track");
    }
    short[] pcm = wave(file);
    assertThat(spans(pcm, ALICE)).isEmpty();
    assertThat(spans(pcm, BOB)).isEmpty();
    assertThat(spans(pcm, CAROL)).hasSizeGreaterThan(2);
  }

  @Test
  void tellsHowFarItIsAndEndsWhenNobodyWantsItAnyMore() throws Exception {
    List<Double> told = new ArrayList<>();
    try (RecordingReader reader = RecordingReader.open(record(), KeyRing.NONE)) {
      Mixdown.write(
          reader,
          Map.of(Mixdown.Format.WAV, OutputStream.nullOutputStream()),
          (share, step) -> told.add(share));
      assertThat(told).isSorted().hasSizeBetween(50, 300).last().isEqualTo(1.0);
      assertThatThrownBy(
              () ->
                  Mixdown.write(
                      reader,
                      Mixdown.Format.WAV,
                      OutputStream.nullOutputStream(),
                      (share, step) -> {
                        if (share > 0.5) {
                          throw new IOException("enough");
                        }
                      }))
          .hasMessage("enough");
    }
  }

  @Test
  void writesNothingOfADamagedTrack() throws Exception {
    Path recording = record();
    Path track = recording.resolve("03-bob.opus");
    byte[] bytes = Files.readAllBytes(track);
    bytes[bytes.length / 2] ^= 1;
    Files.write(track, bytes);
    var out = new ByteArrayOutputStream();
    try (RecordingReader reader = RecordingReader.open(recording, KeyRing.NONE)) {
      assertThatThrownBy(() -> Mixdown.write(reader, Mixdown.Format.WAV, out, Progress.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("03-bob.opus is damaged from byte");
    }
    assertThat(out.size()).isZero();
  }

  @Test
  void playsWhatACrashLeftOfATrack() throws Exception {
    Path recording = record();
    Path track = recording.resolve("03-bob.opus");
    byte[] bytes = Files.readAllBytes(track);
    Files.write(track, Arrays.copyOf(bytes, bytes.length - 7));
    short[] pcm = wave(mix(recording, Mixdown.Format.WAV));
    assertHeard(pcm, BOB, new long[] {4500, 6500});
  }

  @Test
  void writesWavesOfMoreThanFourGigabytes() throws Exception {
    long samples = 20L * 3600 * 48_000;
    Path file = folder.resolve("long.wav");
    byte[] header = WaveWriter.header(samples);
    Files.write(file, header, StandardOpenOption.CREATE_NEW);
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(header.length + 2 * samples);
    }
    assertThat(Ffmpeg.duration(file)).isEqualTo(20 * 3600);
  }
}
