package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** The judge that we have not written: ffprobe and ffmpeg. */
public final class Ffmpeg {

  private Ffmpeg() {}

  /** What ffprobe says of a file, {@code key=value}; fails when it complains about anything. */
  public static String probe(Path file) throws Exception {
    byte[] out =
        run(
            "ffprobe",
            "-v",
            "warning",
            "-show_entries",
            "stream=codec_name,channels,sample_rate:format=duration",
            "-of",
            "default=noprint_wrappers=1",
            file.toString());
    return new String(out, java.nio.charset.StandardCharsets.UTF_8);
  }

  public static double duration(Path file) throws Exception {
    String line =
        probe(file).lines().filter(l -> l.startsWith("duration=")).findFirst().orElseThrow();
    return Double.parseDouble(line.substring("duration=".length()));
  }

  /**
   * Decodes a track to mono, 48 kHz.
   *
   * @param decoder {@code libopus}, or ffmpeg's own {@code opus}
   */
  public static short[] decode(Path file, String decoder) throws Exception {
    byte[] raw =
        run(
            "ffmpeg",
            "-v",
            "warning",
            "-c:a",
            decoder,
            "-i",
            file.toString(),
            "-f",
            "s16le",
            "-ac",
            "1",
            "-ar",
            "48000",
            "-");
    ShortBuffer samples = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    short[] pcm = new short[samples.remaining()];
    samples.get(pcm);
    return pcm;
  }

  /** Opus packets of 20 ms with a steady tone. */
  static List<byte[]> tone(Path folder, int hertz, double seconds, String... options)
      throws Exception {
    Path file = folder.resolve("tone-" + hertz + "-" + Arrays.hashCode(options) + ".opus");
    List<String> command =
        new ArrayList<>(
            List.of(
                "ffmpeg",
                "-y",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=" + hertz + ":sample_rate=48000:duration=" + seconds,
                "-c:a",
                "libopus",
                "-frame_duration",
                "20"));
    command.addAll(List.of(options));
    command.add(file.toString());
    run(command.toArray(String[]::new));
    return OggReader.packets(file);
  }

  /** How much of the signal is at one frequency, as its amplitude (Goertzel). */
  public static double amplitude(short[] pcm, int from, int to, double hertz) {
    double w = 2 * Math.PI * hertz / 48_000;
    double re = 0;
    double im = 0;
    for (int i = from; i < to; i++) {
      re += pcm[i] * Math.cos(w * i);
      im += pcm[i] * Math.sin(w * i);
    }
    return 2 * Math.hypot(re, im) / (to - from);
  }

  private static byte[] run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      return Assertions.fail(
          command[0] + " is not installed; run ./parley test, which installs what tests need", e);
    }
    process.getOutputStream().close();
    List<String> complaints = new ArrayList<>();
    Thread errors =
        Thread.ofPlatform().start(() -> process.errorReader().lines().forEach(complaints::add));
    byte[] out = process.getInputStream().readAllBytes();
    errors.join();
    assertThat(process.waitFor()).as("%s: %s", command[0], complaints).isZero();
    assertThat(complaints).as(command[0]).isEmpty();
    return out;
  }
}
