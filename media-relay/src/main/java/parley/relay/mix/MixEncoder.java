package parley.relay.mix;

import parley.relay.opus.OpusEncoder;
import parley.relay.rtp.AudioCodec;

/** Turns a stream's frames, 20 ms at 48 kHz, into packets of its codec. */
sealed interface MixEncoder {

  static MixEncoder of(AudioCodec codec) {
    return codec == AudioCodec.OPUS ? new Opus() : new Telephone(codec);
  }

  /** As after a long silence. */
  void reset();

  /** Goes on where another of its kind has been, for the listeners who come from there. */
  void continueFrom(MixEncoder other);

  /** Whether the next packets have to be understood by one who has not heard those before. */
  void independent(boolean on);

  /** Whether nothing needs to be sent in a silence. */
  boolean pauses();

  /** Writes a packet and returns its length in bytes. */
  int encode(float[] samples, byte[] out);

  /** A mix in Opus. */
  final class Opus implements MixEncoder {
    private final OpusEncoder encoder = new OpusEncoder(OpusEncoder.Use.MIX);

    @Override
    public void reset() {
      encoder.reset();
    }

    @Override
    public void continueFrom(MixEncoder other) {
      if (other instanceof Opus opus) {
        encoder.continueFrom(opus.encoder);
      }
    }

    @Override
    public void independent(boolean on) {
      encoder.independent(on);
    }

    @Override
    public boolean pauses() {
      return true;
    }

    @Override
    public int encode(float[] samples, byte[] out) {
      return encoder.encode(samples, out, 0);
    }
  }

  /** A mix in G.711. Telephones take a pause for a broken line, so it has none. */
  final class Telephone implements MixEncoder {
    private final AudioCodec law;
    private final Decimator decimator = new Decimator();
    private final float[] narrow = new float[Mixer.FRAME / Decimator.FACTOR];

    Telephone(AudioCodec law) {
      this.law = law;
    }

    @Override
    public void reset() {
      decimator.reset();
    }

    @Override
    public void continueFrom(MixEncoder other) {
      if (other instanceof Telephone telephone) {
        decimator.continueFrom(telephone.decimator);
      }
    }

    @Override
    public void independent(boolean on) {} // every sample stands for itself

    @Override
    public boolean pauses() {
      return false;
    }

    @Override
    public int encode(float[] samples, byte[] out) {
      decimator.process(samples, narrow);
      for (int i = 0; i < narrow.length; i++) {
        out[i] = G711.encode(law, narrow[i]);
      }
      return narrow.length;
    }
  }
}
