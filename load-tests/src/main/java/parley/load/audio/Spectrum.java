package parley.load.audio;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The average power of a stretch of sound by frequency: Hann windows of 8192 samples, half
 * overlapping (Welch's method). At 48 kHz a bin is 5.9 Hz wide, and a steady sine stands 60 dB and
 * more above what the window spreads a few bins away, so tones some hundred Hz apart are told from
 * each other with certainty.
 */
public final class Spectrum {

  private static final int WINDOW = 8192;

  /** A sine moves by its codec's rounding and by the two clocks' difference, never this far. */
  private static final double TONE_WIDTH_HZ = 18;

  /** Softer than any tone we send (-15 dB), after whatever gaps the network made in it. */
  private static final double HEARD_DB = -45;

  /**
   * All tones are sent equally loud. What is so much softer than the loudest is what a jitter
   * buffer makes of it when it stretches or cuts time: sidebands some 13 to 30 dB below.
   */
  private static final double BELOW_LOUDEST_DB = 20;

  /** One maximum of the spectrum. */
  public record Peak(double frequencyHz, double levelDb) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.0f Hz %.0f dB", frequencyHz, levelDb);
    }
  }

  private final double[] power;
  private final double binHz;

  private Spectrum(double[] power, double binHz) {
    this.power = power;
    this.binHz = binHz;
  }

  /** Of at least one window of sound; shorter ones are silence. */
  public static Spectrum of(Pcm pcm) {
    double[] power = new double[WINDOW / 2];
    int windows = 0;
    for (int from = 0; from + WINDOW <= pcm.samples().length; from += WINDOW / 2) {
      add(power, pcm.samples(), from);
      windows++;
    }
    for (int i = 0; i < power.length; i++) {
      power[i] /= Math.max(1, windows);
    }
    return new Spectrum(power, (double) pcm.rateHz() / WINDOW);
  }

  private static void add(double[] power, float[] samples, int from) {
    double[] re = new double[WINDOW];
    double[] im = new double[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
      re[i] = samples[from + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW));
    }
    Fourier.transform(re, im);
    for (int i = 0; i < power.length; i++) {
      // A sine of amplitude A has its whole power A²/2 in the bins of one peak: the Hann window's
      // power gain is 3/8, its length WINDOW; both halves of the spectrum count.
      power[i] += 2 * (re[i] * re[i] + im[i] * im[i]) / (WINDOW * (double) WINDOW * 0.375);
    }
  }

  /** How loud a tone of this frequency is, dB below full scale (a full-scale sine has -3). */
  public double levelDb(double frequencyHz) {
    int first = (int) Math.max(1, Math.floor((frequencyHz - TONE_WIDTH_HZ) / binHz));
    int last = (int) Math.min(power.length - 1, Math.ceil((frequencyHz + TONE_WIDTH_HZ) / binHz));
    double sum = 0;
    for (int i = first; i <= last; i++) {
      sum += power[i];
    }
    return Math.max(-120, 10 * Math.log10(sum));
  }

  /** Whether a tone of this frequency is there. */
  public boolean holds(double frequencyHz) {
    return levelDb(frequencyHz) > HEARD_DB;
  }

  /** Which of these tones, sent equally loud, are there. */
  public List<Integer> tonesAmong(List<Integer> frequenciesHz) {
    double loudest = frequenciesHz.stream().mapToDouble(this::levelDb).max().orElse(-120);
    return frequenciesHz.stream()
        .filter(hz -> holds(hz) && levelDb(hz) > loudest - BELOW_LOUDEST_DB)
        .toList();
  }

  /** The loudest maxima above -70 dB, loudest first: what a failed test shows. */
  public List<Peak> peaks() {
    List<Peak> peaks = new ArrayList<>();
    for (int i = 2; i < power.length - 2; i++) {
      double hz = i * binHz;
      if (power[i] > power[i - 1] && power[i] >= power[i + 1] && levelDb(hz) > -70) {
        peaks.add(new Peak(hz, levelDb(hz)));
      }
    }
    peaks.sort(Comparator.comparingDouble(Peak::levelDb).reversed());
    return List.copyOf(peaks.subList(0, Math.min(8, peaks.size())));
  }

  @Override
  public String toString() {
    List<Peak> peaks = peaks();
    return peaks.isEmpty()
        ? "silence"
        : peaks.stream().map(Peak::toString).collect(Collectors.joining(", "));
  }
}
