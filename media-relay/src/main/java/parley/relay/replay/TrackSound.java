package parley.relay.replay;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import parley.relay.opus.OpusDecoder;
import parley.relay.recording.OggOpusReader;

/**
 * One track as samples from the beginning of the recording on, as much as is asked for at a time.
 * Where it has nothing, it is silent.
 */
final class TrackSound implements AutoCloseable {

  private static final int RATE_HZ = 48_000;

  /** One overlap after the last sound a decoder's silence is digital zero; two are plenty. */
  private static final int SILENCES_DECODED = 2;

  private final OggOpusReader reader;
  private final int rateHz;

  /** Of 48 kHz, to one of ours. */
  private final int step;

  private @Nullable OpusDecoder decoder;
  private float[] frame = {};
  private boolean sounds;
  private int silences = SILENCES_DECODED;

  /** The packet at hand, in samples of ours from the beginning of the recording. */
  private long from;

  private long to;
  private long at;
  private boolean ended;

  /**
   * @param rateHz 48,000, or a rate by which that can be divided and which Opus knows
   */
  TrackSound(OggOpusReader reader, int rateHz) {
    this.reader = reader;
    this.rateHz = rateHz;
    this.step = RATE_HZ / rateHz;
  }

  /**
   * Adds what comes next to what is there.
   *
   * @return whether it was more than silence
   */
  boolean add(float[] sum, int count) throws IOException {
    boolean sounded = false;
    long until = at + count;
    while (at < until) {
      if (at >= to) {
        if (!packet()) {
          at = until;
          break;
        }
        continue;
      }
      at = Math.min(until, Math.max(at, from));
      long stop = Math.min(until, to);
      if (sounds && stop > at) {
        sounded = true;
        int into = count - (int) (until - at);
        int of = (int) (at - from);
        for (int left = (int) (stop - at); left > 0; left--) {
          sum[into++] += frame[of++];
        }
      }
      at = stop;
    }
    return sounded;
  }

  private boolean packet() throws IOException {
    if (ended || !reader.next()) {
      ended = true;
      return false;
    }
    long place = reader.place() - reader.preSkip();
    from = Math.floorDiv(place, step);
    int length = reader.samples() / step;
    long end =
        reader.end() == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : Math.max(0, reader.end() - reader.preSkip()) / step;
    to = Math.min(from + length, end);
    decode(length);
    return true;
  }

  private void decode(int length) {
    boolean silent = reader.isSilence();
    silences = silent ? silences + 1 : 0;
    sounds = !silent || silences <= SILENCES_DECODED;
    if (!sounds) {
      return;
    }
    OpusDecoder own = decoder;
    if (own == null) {
      own = decoder = new OpusDecoder(rateHz);
      frame = new float[OpusDecoder.MAX_SAMPLES / step];
    }
    byte[] packet = reader.packet();
    int decoded = Math.max(0, own.decode(packet, 0, packet.length, frame));
    if (decoded < length) {
      Arrays.fill(frame, decoded, length, 0); // broken within: it keeps its place
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
