package parley.relay.mix;

import org.jspecify.annotations.Nullable;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.OpusToc;
import parley.relay.rtp.RtpTime;

/**
 * One call's mixer: each voice is decoded once, each sum that somebody listens to is encoded once.
 * Nothing happens but in the methods below, on one thread at a time.
 *
 * <pre>
 * from the call:  beginTrack, packet, endTrack, beginStream, joinStream, endStream
 * from the clock: onTick
 * </pre>
 */
public final class Mixer implements MixerInput {

  /** Several times as many as anybody can follow at once; a bit each. */
  public static final int MAX_TRACKS = 16;

  /** For each codec one for those who are silent, one for each who is not. */
  public static final int STREAMS_A_CODEC = 1 + MAX_TRACKS;

  public static final int MAX_STREAMS = AudioCodec.values().length * STREAMS_A_CODEC;

  private static final AudioCodec[] CODECS = AudioCodec.values();

  /** 20 ms. */
  static final int FRAME = OpusToc.CLOCK_HZ / 50;

  static final long FRAME_NS = 20_000_000L;

  /**
   * So much of a delay is made up for at once, as receivers' buffers can; after a longer one the
   * mix goes on from the present, because nobody wants to hear everything ever later.
   */
  private static final long MAX_BEHIND_NS = 10 * FRAME_NS;

  private final MixerOutput output;
  private final @Nullable MixTrack[] tracks = new MixTrack[MAX_TRACKS];
  private final float[][] voices = new float[MAX_TRACKS][];
  private final @Nullable MixStream[] streams = new MixStream[MAX_STREAMS];
  private final MixedFrame frame = new MixedFrame();
  private boolean started;
  private long nextNs;
  private int number;
  private long frames;
  private long skipped;

  public Mixer(MixerOutput output) {
    this.output = output;
  }

  @Override
  public void beginTrack(int track, boolean another) {
    MixTrack begun = tracks[track];
    if (begun == null) {
      begun = new MixTrack();
      tracks[track] = begun;
    }
    begun.begin(another);
  }

  @Override
  public void packet(
      int track,
      int sequence,
      int packetTimestamp,
      boolean before,
      byte[] data,
      int offset,
      int length,
      long nowNs) {
    MixTrack to = tracks[track];
    if (to == null || !to.active()) {
      return;
    }
    if (before) {
      to.warmUp(data, offset, length);
    } else {
      to.packet(sequence, packetTimestamp, data, offset, length, ticks(nowNs));
    }
  }

  @Override
  public void endTrack(int track) {
    MixTrack ended = tracks[track];
    if (ended != null) {
      ended.end();
    }
  }

  @Override
  public void beginStream(int stream, int without, int like) {
    MixStream begun = streams[stream];
    if (begun == null) {
      begun = new MixStream(CODECS[stream / STREAMS_A_CODEC]);
      streams[stream] = begun;
    }
    MixStream from = streams[like];
    boolean goesOn = begun.wanted();
    begun.begin(without);
    if (!goesOn && from != null && from.wanted()) {
      begun.continueFrom(from);
    }
  }

  @Override
  public void joinStream(int stream) {
    MixStream joined = streams[stream];
    if (joined != null) {
      joined.join();
    }
  }

  @Override
  public void endStream(int stream) {
    MixStream ended = streams[stream];
    if (ended != null) {
      ended.end();
    }
  }

  /** Makes all frames whose time has come. */
  public void onTick(long nowNs) {
    if (!started) {
      started = true;
      nextNs = nowNs;
    }
    if (nowNs - nextNs > MAX_BEHIND_NS) {
      long missed = (nowNs - nextNs) / FRAME_NS;
      nextNs += missed * FRAME_NS;
      number += (int) missed;
      skipped += missed;
    }
    while (nowNs - nextNs >= 0) {
      render(nextNs);
      nextNs += FRAME_NS;
      number++;
      frames++;
    }
  }

  /** When {@link #onTick} has something to do next. */
  public long nextDeadlineNs() {
    return nextNs;
  }

  /** Frames of 20 ms that were mixed. */
  public long frames() {
    return frames;
  }

  /** Frames that were never mixed, because it was far too late for them. */
  public long skipped() {
    return skipped;
  }

  /** Frames of voices that were made up for packets that were not there in time. */
  public long concealed() {
    long sum = 0;
    for (MixTrack track : tracks) {
      sum += track == null ? 0 : track.concealed();
    }
    return sum;
  }

  private void render(long dueNs) {
    int audible = 0;
    long now = ticks(dueNs);
    for (int i = 0; i < MAX_TRACKS; i++) {
      MixTrack track = tracks[i];
      if (track != null && track.active()) {
        audible |= track.render(now) ? 1 << i : 0;
        voices[i] = track.frame();
        frame.played[i] = track.played();
      }
    }
    for (int i = 0; i < MAX_STREAMS; i++) {
      MixStream stream = streams[i];
      if (stream != null && stream.wanted() && stream.render(voices, audible, frame)) {
        frame.stream = i;
        frame.number = number;
        output.frame(frame);
      }
    }
  }

  private static long ticks(long nowNs) {
    return RtpTime.ticks(nowNs, OpusToc.CLOCK_HZ);
  }
}
