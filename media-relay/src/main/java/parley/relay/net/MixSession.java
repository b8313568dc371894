package parley.relay.net;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.Drop;
import parley.relay.LoopMeter;
import parley.relay.api.CallId;
import parley.relay.mix.MixedFrame;
import parley.relay.mix.Mixer;
import parley.relay.mix.MixerInput;

/**
 * A call's mixer on a mixer thread, and the two bounded rings between that and the call's media
 * loop. The methods of {@link MixerInput}, {@link #poll} and {@link #close} belong to the loop,
 * {@link #run} to the mixer thread.
 */
final class MixSession implements MixerInput {

  private static final Logger log = LoggerFactory.getLogger(MixSession.class);

  /** Half a second of eight voices: a mixer that is further behind is of no use. */
  private static final int TASKS = 256;

  /** Kept for what is no packet: without that the mixer would not know whom to mix. */
  private static final int RESERVE = 64;

  /** A stall of 200 ms made up for at once, in a dozen streams; the loop takes them out at once. */
  private static final int FRAMES = 128;

  private final CallId call;
  private final LoopMeter meter;
  private final Runnable wake;
  private final ExchangeRing<MixerTask> tasks = new ExchangeRing<>(TASKS, MixerTask::new);
  private final ExchangeRing<MixedFrame> frames = new ExchangeRing<>(FRAMES, MixedFrame::new);
  private final Mixer mixer = new Mixer(this::made);
  private volatile boolean closed;
  private volatile boolean failed;
  private volatile int framesLost;
  private int framesLostSeen;
  private boolean fresh; // the mixer thread's: something for the loop

  /**
   * @param wake tells the media loop, from the mixer thread, that there are frames
   */
  MixSession(CallId call, LoopMeter meter, Runnable wake) {
    this.call = call;
    this.meter = meter;
    this.wake = wake;
  }

  @Override
  public void beginTrack(int track, boolean another) {
    submit(MixerTask.Kind.BEGIN_TRACK, track, 0, 0, another);
  }

  @Override
  public void packet(
      int track,
      int sequence,
      int timestamp,
      boolean before,
      byte[] data,
      int offset,
      int length,
      long nowNs) {
    MixerTask task = tasks.claim(RESERVE);
    if (task == null) {
      meter.drop(Drop.MIXER_FULL);
      return;
    }
    task.kind = MixerTask.Kind.PACKET;
    task.number = track;
    task.first = sequence;
    task.second = timestamp;
    task.flag = before;
    task.nowNs = nowNs;
    task.data(data, offset, length);
    tasks.publish();
  }

  @Override
  public void endTrack(int track) {
    submit(MixerTask.Kind.END_TRACK, track, 0, 0, false);
  }

  @Override
  public void beginStream(int stream, int without, int like) {
    submit(MixerTask.Kind.BEGIN_STREAM, stream, without, like, false);
  }

  @Override
  public void joinStream(int stream) {
    submit(MixerTask.Kind.JOIN_STREAM, stream, 0, 0, false);
  }

  @Override
  public void endStream(int stream) {
    submit(MixerTask.Kind.END_STREAM, stream, 0, 0, false);
  }

  private void submit(MixerTask.Kind kind, int number, int first, int second, boolean flag) {
    MixerTask task = tasks.claim(0);
    if (task == null) {
      meter.drop(Drop.MIXER_FULL);
      failed = true; // it does not know any more what the call wants
      return;
    }
    task.kind = kind;
    task.number = number;
    task.first = first;
    task.second = second;
    task.flag = flag;
    tasks.publish();
  }

  /** The loop's: the oldest frame it has not taken yet, or null; {@link #taken} follows. */
  @Nullable MixedFrame poll() {
    int lost = framesLost;
    for (; framesLostSeen != lost; framesLostSeen++) {
      meter.drop(Drop.MIXER_FULL);
    }
    return frames.peek();
  }

  void taken() {
    frames.release();
  }

  /** Whether it does its work no longer. */
  boolean failed() {
    return failed;
  }

  void close() {
    closed = true;
  }

  /** The mixer thread's: does what there is to do; false when the session is over. */
  boolean run(long nowNs) {
    if (closed || failed) {
      return false;
    }
    try {
      MixerTask task;
      while ((task = tasks.peek()) != null) {
        carryOut(task);
        tasks.release();
      }
      mixer.onTick(nowNs);
    } catch (RuntimeException | AssertionError e) {
      log.error("the mixer of call {} failed", call.shortForm(), e);
      failed = true;
    }
    if (fresh) {
      fresh = false;
      wake.run();
    }
    return !failed;
  }

  private void carryOut(MixerTask task) {
    switch (task.kind) {
      case BEGIN_TRACK -> mixer.beginTrack(task.number, task.flag);
      case PACKET ->
          mixer.packet(
              task.number,
              task.first,
              task.second,
              task.flag,
              task.data,
              0,
              task.length,
              task.nowNs);
      case END_TRACK -> mixer.endTrack(task.number);
      case BEGIN_STREAM -> mixer.beginStream(task.number, task.first, task.second);
      case JOIN_STREAM -> mixer.joinStream(task.number);
      case END_STREAM -> mixer.endStream(task.number);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the mixer thread is the only writer
  private void made(MixedFrame frame) {
    MixedFrame entry = frames.claim(0);
    if (entry == null) {
      framesLost++;
      return;
    }
    entry.set(frame);
    frames.publish();
    fresh = true;
  }
}
