package parley.relay.recording;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.RelayEvent;

/** Records calls: one thread owns every file of every recording. */
public final class Recorder implements AutoCloseable {

  /**
   * @param directory holds one folder a recorded call; made when missing
   * @param clock UTC for names and {@code call.json}
   * @param events told Recording and RecordingReady, on the recorder's thread; must not block
   */
  public Recorder(Path directory, Clock clock, Consumer<RelayEvent> events) {}

  /**
   * Begins to record a call. Never blocks and never fails: whether the files could be opened is
   * told by {@link RelayEvent.Recording}. Any media loop, which then owns the tap.
   *
   * @param nowNs the loop's time, on the same monotonic clock as {@link System#nanoTime}
   */
  public RecordingTap open(CallId call, CallInfo info, long nowNs) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Closes every recording that is still open. Returns when the files are on disk. */
  @Override
  public void close() {}
}
