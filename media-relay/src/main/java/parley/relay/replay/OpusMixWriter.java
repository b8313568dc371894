package parley.relay.replay;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import parley.relay.opus.OpusEncoder;
import parley.relay.recording.OggOpusWriter;

/** Encodes a mix as Ogg Opus. */
final class OpusMixWriter implements MixedSound {

  private static final int FRAME = OpusEncoder.Use.MIX.frameSamples();

  /** What an encoder without SILK looks ahead: 2.5 ms. */
  private static final int LOOK_AHEAD = 120;

  /** Silence before the first sample, so that with the look-ahead it comes at the pre-skip. */
  private static final int LEAD = OggOpusWriter.PRE_SKIP - LOOK_AHEAD;

  /** Beyond its end a stream is padded, as its last packet may be cut anywhere. */
  private static final int TAIL = 120;

  private final OpusEncoder encoder = new OpusEncoder(OpusEncoder.Use.MIX);
  private final OggOpusWriter ogg;
  private final float[] frame = new float[FRAME];
  private final byte[] packet = new byte[OpusEncoder.MAX_BYTES];
  private int filled = LEAD;
  private long samples;

  /**
   * @param comments {@code NAME=value}
   */
  OpusMixWriter(OutputStream out, List<String> comments) throws IOException {
    ogg = new OggOpusWriter((data, length, granule) -> out.write(data, 0, length), 1);
    ogg.open("Parley", comments);
  }

  @Override
  public void write(float[] from, int count) throws IOException {
    samples += count;
    int at = 0;
    while (at < count) {
      int take = Math.min(FRAME - filled, count - at);
      System.arraycopy(from, at, frame, filled, take);
      at += take;
      filled += take;
      if (filled == FRAME) {
        encode();
      }
    }
  }

  private void encode() throws IOException {
    int length = encoder.encode(frame, packet, 0);
    ogg.packet(packet, 0, length, FRAME);
    filled = 0;
  }

  @Override
  public void finish() throws IOException {
    while (ogg.position() < samples + OggOpusWriter.PRE_SKIP + TAIL) {
      Arrays.fill(frame, filled, FRAME, 0);
      encode();
    }
    ogg.finish(samples);
  }
}
