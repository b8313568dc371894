package parley.relay.mix;

import java.util.Arrays;
import parley.relay.rtp.AudioCodec;

/** One encoded sum of a call's tracks, and who is left out of it. */
final class MixStream {

  /** After a voice's end so many frames of silence end it at the receiver, whatever is lost. */
  private static final int SILENT_FRAMES = 3;

  /** In a silence one frame in 400 ms, as Opus' own discontinuous transmission has it. */
  private static final int SILENCE_INTERVAL = 20;

  /** One would do; the second is for those who lose the first. */
  private static final int INDEPENDENT_FRAMES = 2;

  private final MixEncoder encoder;
  private final Limiter limiter = new Limiter();
  private final float[] sum = new float[Mixer.FRAME];
  private boolean wanted;
  private int without;
  private int changed;
  private int heard;
  private int silent; // frames in a row
  private boolean paused;
  private int independent; // frames still to go

  MixStream(AudioCodec codec) {
    encoder = MixEncoder.of(codec);
  }

  boolean wanted() {
    return wanted;
  }

  void begin(int withoutTracks) {
    changed = wanted ? changed ^ without ^ withoutTracks : 0;
    without = withoutTracks;
    if (wanted) {
      return;
    }
    wanted = true;
    encoder.reset();
    limiter.reset();
    silent = 0;
    paused = false;
    independent = 0;
  }

  /** Goes on where another one is, for the listeners who come from there. */
  void continueFrom(MixStream other) {
    encoder.continueFrom(other.encoder);
    limiter.continueFrom(other.limiter);
    silent = other.silent;
    paused = other.paused;
    independent = other.independent;
  }

  /** The next frames have to be understood by one who has heard other ones before. */
  void join() {
    independent = INDEPENDENT_FRAMES;
    encoder.independent(true);
  }

  void end() {
    wanted = false;
  }

  /**
   * Adds up and encodes.
   *
   * @param voices a frame of each track
   * @param audible the tracks that are heard now, a bit each
   * @return whether there is anything to send
   */
  boolean render(float[][] voices, int audible, MixedFrame out) {
    int leaving = audible & without & changed;
    heard = audible & ~without | leaving;
    silent = heard == 0 ? silent + 1 : 0;
    if (silent > SILENT_FRAMES && silent % SILENCE_INTERVAL != 0 && encoder.pauses()) {
      paused = true;
      return false;
    }
    add(voices, leaving);
    changed = 0;
    limiter.process(sum, Mixer.FRAME);
    out.marker = paused;
    paused = silent > SILENT_FRAMES && encoder.pauses();
    out.tracks = heard;
    out.level = LevelMeter.level(sum, sum.length);
    out.length = encoder.encode(sum, out.data);
    if (independent > 0 && --independent == 0) {
      encoder.independent(false);
    }
    return true;
  }

  /** Who comes into the stream, or leaves it, while he is heard elsewhere, does so by fading. */
  private void add(float[][] voices, int leaving) {
    Arrays.fill(sum, 0);
    for (int rest = heard; rest != 0; rest &= rest - 1) {
      int track = Integer.numberOfTrailingZeros(rest);
      float[] frame = voices[track];
      if ((changed >> track & 1) == 0) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += frame[i];
        }
      } else {
        boolean leaves = (leaving >> track & 1) != 0;
        for (int i = 0; i < sum.length; i++) {
          sum[i] += frame[i] * (leaves ? sum.length - i : i) / sum.length;
        }
      }
    }
  }
}
