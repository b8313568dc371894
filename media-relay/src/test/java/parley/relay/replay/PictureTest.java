package parley.relay.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.SigningKey;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

/** What a page draws of a recording: lanes and peaks. */
@Timeout(60)
class PictureTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Path recording = Path.of("");

  @BeforeEach
  void record() throws Exception {
    var call = new SpokenCall(folder.resolve("recordings"), SigningKey.create(), KeyRing.NONE);
    call.joins("Alice", 400, 0.5, 0)
        .says(1000, 2000)
        .mutes(2000, 3000)
        .isMasked(3000, 4000)
        .leaves(4500);
    call.joins("Bob", 900, 0.25, 2000).says(4000, 5000).loses(5000, 5200).says(5200, 6000);
    recording = call.ends(8000);
  }

  @Test
  void tellsWhoSpokeWhenAndWhatIsMissing() throws Exception {
    Timeline line = Timeline.read(recording);
    assertThat(line.call()).isEqualTo(SpokenCall.CALL.value());
    assertThat(line.title()).isEqualTo("Weekly");
    assertThat(line.state()).isEqualTo("complete");
    assertThat(line.length()).isEqualTo(8);
    assertThat(line.lanes()).hasSize(2);

    Timeline.Lane alice = line.lanes().getFirst();
    assertThat(alice.track()).isEqualTo("01-alice.opus");
    assertThat(alice.joined()).isZero();
    assertThat(alice.left()).isEqualTo(4.5);
    assertThat(alice.leftReason()).isEqualTo("left");
    assertThat(alice.talked()).containsExactly(new Timeline.Span(1, 2));
    assertThat(alice.muted()).containsExactly(new Timeline.Span(2, 3));
    assertThat(alice.masked()).containsExactly(new Timeline.Stretch(3, 4, "card number"));
    assertThat(alice.gaps()).extracting(Timeline.Missing::why).contains("mute", "mask", "silence");
    assertThat(alice.gaps()).noneMatch(Timeline.Missing::due);

    Timeline.Lane bob = line.lanes().getLast();
    assertThat(bob.joined()).isEqualTo(2);
    assertThat(bob.left()).isEqualTo(8);
    assertThat(bob.leftReason()).isNull();
    assertThat(bob.gaps())
        .filteredOn(Timeline.Missing::due)
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.why()).isEqualTo("loss");
              assertThat(gap.from()).isCloseTo(5, within(0.02));
              assertThat(gap.to()).isCloseTo(5.2, within(0.02));
            });

    JsonNode json = JSON.readTree(line.toJson());
    assertThat(json.at("/lanes/0/left_reason").asText()).isEqualTo("left");
    assertThat(json.at("/lanes/1").has("left_reason")).isFalse();
    assertThat(json.at("/lanes/1/gaps_omitted").asInt()).isZero();
  }

  @Test
  void showsHowLoudItIsWhere() throws Exception {
    try (RecordingReader reader = RecordingReader.open(recording, KeyRing.NONE)) {
      Waveform wave = Waveform.of(reader, 160, Progress.NONE); // 50 ms each
      assertThat(wave.length()).isEqualTo(8);
      assertThat(wave.tracks()).containsOnlyKeys("01-alice.opus", "02-bob.opus");
      int[] alice = peaks(wave, "01-alice.opus");
      int[] bob = peaks(wave, "02-bob.opus");
      assertLoud(alice, 21, 39, 128);
      assertQuiet(alice, 0, 19);
      assertQuiet(alice, 42, 160);
      assertLoud(bob, 81, 99, 64);
      assertLoud(bob, 106, 119, 64);
      assertQuiet(bob, 0, 79);
      assertLoud(wave.mix(), 21, 39, 128);
      assertLoud(wave.mix(), 81, 99, 64);
      JsonNode json = JSON.readTree(wave.toJson());
      assertThat(json.path("mix")).hasSize(160);
      assertThat(json.at("/tracks/01-alice.opus/30").asInt()).isEqualTo(alice[30]);
    }
  }

  @Test
  void drawsMorePointsThanThereAreSamplesAsWellAsOne() throws Exception {
    try (RecordingReader reader = RecordingReader.open(recording, KeyRing.NONE)) {
      Waveform one = Waveform.of(reader, 1, Progress.NONE);
      assertLoud(peaks(one, "01-alice.opus"), 0, 1, 128);
      Waveform many = Waveform.of(reader, Waveform.MAX_POINTS, Progress.NONE);
      assertThat(Arrays.stream(many.mix()).max().orElse(0)).isCloseTo(128, within(20));
    }
  }

  private static int[] peaks(Waveform wave, String track) {
    return Objects.requireNonNull(wave.tracks().get(track));
  }

  private static void assertLoud(int[] peaks, int from, int to, int about) {
    for (int i = from; i < to; i++) {
      assertThat(peaks[i])
          .as("point %d of %s", i, Arrays.toString(peaks))
          .isCloseTo(about, within(20));
    }
  }

  private static void assertQuiet(int[] peaks, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(peaks[i]).as("point %d of %s", i, Arrays.toString(peaks)).isLessThan(4);
    }
  }
}
