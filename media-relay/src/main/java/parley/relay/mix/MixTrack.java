package parley.relay.mix;

import java.util.Arrays;
import parley.relay.opus.OpusDecoder;
import parley.relay.rtp.OpusToc;

/**
 * One voice in a mix: its packets in order and in time, decoded to an unbroken row of 20 ms frames.
 * What the network lost is taken from the copy that the next packet may carry, else concealed.
 */
final class MixTrack {

  /** How long a voice without packets is made up: Opus has faded it by then. */
  private static final int MAX_CONCEALED = 5;

  /** A hole in a voice's time that is longer is a pause, and is waited for. */
  private static final long MAX_HOLE = 120L * OpusToc.CLOCK_HZ / 1000;

  /** Waiting 30 ms longer than needed, for so many packets, is worth squeezing. */
  private static final int TOO_LONG = 3 * OpusToc.CLOCK_HZ / 100;

  private static final int PATIENCE = 10;

  private final JitterBuffer buffer = new JitterBuffer();
  private final OpusDecoder decoder = new OpusDecoder(OpusToc.CLOCK_HZ);
  private final float[] decoded = new float[OpusDecoder.MAX_SAMPLES];
  private final float[] ready = new float[3 * OpusDecoder.MAX_SAMPLES];
  private int readyCount;
  private final float[] frame = new float[Mixer.FRAME];
  private boolean active;
  private boolean playing;
  private boolean rising;
  private boolean ending;
  private boolean audible;
  private long position; // timestamp of what is decoded next
  private int packetTicks = Mixer.FRAME;
  private int concealed; // frames in a row
  private int patient;
  private long concealedTotal;

  /** Begins, or goes on after an end. */
  void begin(boolean another) {
    if (another) {
      buffer.restart();
    }
    buffer.clear();
    decoder.reset();
    readyCount = 0;
    active = true;
    playing = false;
    ending = false;
  }

  /** Fades out with the next frame, then is silent. */
  void end() {
    ending = active;
  }

  boolean active() {
    return active;
  }

  /** A packet from before the beginning: it is not played, but the decoder knows it then. */
  void warmUp(byte[] data, int offset, int lengthBytes) {
    int _ = decoder.decode(data, offset, lengthBytes, decoded);
  }

  void packet(int sequence, int timestamp, byte[] data, int offset, int length, long arrival) {
    buffer.insert(sequence, timestamp, data, offset, length, arrival);
  }

  /**
   * Makes the next 20 ms; {@link #frame} has them.
   *
   * @param now in ticks of 48 kHz
   * @return whether there is any sound
   */
  boolean render(long now) {
    audible = false;
    if (!active) {
      return false;
    }
    while (readyCount < Mixer.FRAME && step(now)) {
      audible = true;
    }
    audible |= readyCount > 0;
    if (audible) {
      take();
    }
    if (ending) {
      Ramp.out(frame, 0, Mixer.FRAME);
      active = false;
      ending = false;
      playing = false;
      readyCount = 0;
    }
    return audible;
  }

  /** What {@link #render} made. */
  float[] frame() {
    return frame;
  }

  boolean audible() {
    return audible;
  }

  /** Sequence number, 16 bits, of the packet played last. */
  int played() {
    return buffer.played();
  }

  /** Frames made up for packets that were not there in time. */
  long concealed() {
    return concealedTotal;
  }

  /** Packets that came too late to be played. */
  long late() {
    return buffer.late();
  }

  /** How long packets wait, in ticks. */
  int delay() {
    return buffer.delay();
  }

  private void take() {
    int count = Math.min(readyCount, Mixer.FRAME);
    System.arraycopy(ready, 0, frame, 0, count);
    Arrays.fill(frame, count, Mixer.FRAME, 0);
    readyCount -= count;
    System.arraycopy(ready, count, ready, 0, readyCount);
  }

  /** Decodes or makes up some more; false when there is nothing to be heard now. */
  private boolean step(long now) {
    if (buffer.hasNext()) {
      return onNext(now);
    }
    if (!playing) {
      if (buffer.hasGap()) {
        buffer.advance(); // nothing to conceal: it was lost in a pause
        return step(now);
      }
      return false;
    }
    boolean lost = buffer.hasGap() && now >= buffer.dueAt(position);
    if (!lost && concealed >= MAX_CONCEALED) {
      playing = false;
      return false;
    }
    conceal(lost);
    return true;
  }

  private boolean onNext(long now) {
    long timestamp = buffer.timestamp();
    boolean due = now >= buffer.dueAt(timestamp);
    if (!playing) {
      if (!due) {
        return false;
      }
      playing = true;
      rising = true;
      position = timestamp;
    }
    long hole = timestamp - position;
    if (hole > MAX_HOLE && !due) {
      conceal(false);
      Ramp.out(ready, readyCount - Mixer.FRAME, Mixer.FRAME);
      playing = false;
      return true;
    }
    if (hole > 0 && !due) {
      conceal(false); // discontinuous transmission: its comfort noise
      position += Mixer.FRAME;
      return true;
    }
    decodeNext(now, timestamp);
    return true;
  }

  private void decodeNext(long now, long timestamp) {
    boolean tooLong = now - buffer.dueAt(timestamp) > TOO_LONG;
    patient = tooLong ? patient + 1 : 0;
    int before = readyCount;
    decode();
    if (patient > PATIENCE && buffer.hasNext() && readyCount - before >= 2 * Ramp.IN) {
      decode();
      if (readyCount - before >= TimeSqueeze.NEEDED) {
        readyCount = TimeSqueeze.shorten(ready, before, readyCount);
        patient = 0;
      }
    }
  }

  private void decode() {
    int samples = decoder.decode(buffer.data(), 0, buffer.length(), decoded);
    if (samples <= 0) {
      samples = Math.max(0, decoder.conceal(packetTicks, decoded)); // a broken packet
      concealedTotal++;
    } else {
      packetTicks = samples;
    }
    position = buffer.timestamp() + packetTicks;
    buffer.advance();
    concealed = 0;
    append(samples);
  }

  /**
   * @param lost whether the missing packet is given up; else what is made up here only bridges the
   *     time until it comes
   */
  private void conceal(boolean lost) {
    int samples = Math.max(0, makeUp(lost));
    if (lost) {
      buffer.advance();
      position += packetTicks;
    }
    concealed++;
    concealedTotal++;
    append(samples);
    if (concealed == MAX_CONCEALED) {
      Ramp.out(ready, readyCount - samples, samples); // it may be the last
      rising = true;
    }
  }

  private int makeUp(boolean lost) {
    if (lost && buffer.hasFollowing()) {
      return decoder.decodeLost(
          buffer.followingData(), 0, buffer.followingLength(), packetTicks, decoded);
    }
    if (concealed >= MAX_CONCEALED) {
      Arrays.fill(decoded, 0, packetTicks, 0);
      return packetTicks;
    }
    return decoder.conceal(lost ? packetTicks : Mixer.FRAME, decoded);
  }

  private void append(int samples) {
    System.arraycopy(decoded, 0, ready, readyCount, samples);
    if (rising && samples >= Ramp.IN) {
      Ramp.in(ready, readyCount);
      rising = false;
    }
    readyCount += samples;
  }
}
