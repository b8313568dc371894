package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.RelayEvent;
import parley.relay.evidence.SigningKey;
import parley.relay.vault.KeySupply;

/**
 * One recording of one call, from the first file to the last. Owned by the recorder's thread.
 *
 * <pre>
 * from the tap:   packets, sender reports, marks (Joined, Muted, Talking, Restarted, Left), Closed
 * from recorder:  work, end
 * </pre>
 */
final class RecordingSession {

  private static final Logger log = LoggerFactory.getLogger(RecordingSession.class);

  private enum State {
    NEW,
    RUNNING,
    /** Nothing can be written; what is missing is counted until the call ends. */
    STOPPED,
    /** All is known; what is left to write is tried until the disk takes it. */
    ENDING,
    OVER
  }

  /** So many at a time, then it is another call's turn. */
  private static final int BATCH = 4096;

  /** 4 s between copies of {@code call.json} that only bring counters up to date. */
  private static final long REFRESH_NS = 4_000_000_000L;

  /** 5 s between looks at a full disk. */
  private static final long RETRY_NS = 5_000_000_000L;

  private final CallId call;
  private final CallInfo info;
  private final RingTap tap;
  private final Instant started;
  private final long startNs;
  private final Path root;
  private final Set<Path> own;
  private final Clock clock;
  private final SigningKey key;
  private final @Nullable KeySupply keys;
  private final Consumer<RelayEvent> events;
  private final RecorderMeter meter;
  private final PacketRing.Packet packet = new PacketRing.Packet();
  private State state = State.NEW;
  private @Nullable RecordingFiles files;
  private @Nullable String stopped;
  private boolean announced;
  private boolean changed;
  private long writtenNs;
  private long endNs = -1;
  private long retryNs;
  private long oldestNs;

  /**
   * @param startNs the media loop's time at {@code started}
   * @param own folders this process writes to, or has written to
   * @param key signs what was recorded
   * @param keys for encryption; null: none
   */
  RecordingSession(
      CallId call,
      CallInfo info,
      RingTap tap,
      Instant started,
      long startNs,
      Path root,
      Set<Path> own,
      Clock clock,
      SigningKey key,
      @Nullable KeySupply keys,
      Consumer<RelayEvent> events,
      RecorderMeter meter) {
    this.meter = meter;
    this.call = call;
    this.info = info;
    this.tap = tap;
    this.started = started;
    this.startNs = startNs;
    this.root = root;
    this.own = own;
    this.clock = clock;
    this.key = key;
    this.keys = keys;
    this.events = events;
  }

  CallId call() {
    return call;
  }

  boolean over() {
    return state == State.OVER;
  }

  /** Takes in what has come, writes what is due. Returns whether more is waiting. */
  boolean work(long nowNs) {
    try {
      if (state == State.NEW) {
        begin(nowNs);
      }
      boolean more = drain(nowNs);
      if (state == State.RUNNING) {
        files().tick(nowNs);
        announce();
      } else if (state == State.ENDING && nowNs >= retryNs) {
        finish(nowNs);
      }
      if (state == State.RUNNING || state == State.STOPPED) {
        files().alive(nowNs);
      }
      return more;
    } catch (IOException | RuntimeException e) {
      fail(e, nowNs);
      return false;
    }
  }

  /** The recorder shuts down: what has come is taken in, and the recording closed as of now. */
  void end(long nowNs) {
    try {
      if (state == State.NEW) {
        begin(nowNs);
      }
      while (drain(nowNs)) {
        // until the ring is empty
      }
      if (state == State.RUNNING || state == State.STOPPED) {
        tap.kill();
        onClosed(new int[0], nowNs);
      }
    } catch (IOException | RuntimeException e) {
      fail(e, nowNs);
    }
    if (state == State.ENDING) {
      finish(nowNs);
    }
    if (state == State.ENDING) {
      log.error("call {} recording is left to be closed by the next start", call.shortForm());
    }
  }

  /**
   * Writes {@code call.json} when something worth it has happened; returns whether it did. The
   * recorder decides when there is time.
   */
  boolean refresh(long nowNs) {
    if (state != State.RUNNING || (!changed && nowNs - writtenNs < REFRESH_NS)) {
      return false;
    }
    try {
      describe(nowNs, false);
    } catch (IOException | RuntimeException e) {
      fail(e, nowNs);
    }
    return true;
  }

  private void begin(long nowNs) throws IOException {
    RecordingFiles begun =
        RecordingFiles.begin(root, call, info, started, startNs, own, clock, key, keys);
    files = begun;
    state = State.RUNNING;
    describe(nowNs, false);
    log.info("call {} recording to {}", call.shortForm(), begun.folder().getFileName());
  }

  /** Tells that it records, once, when the files of all who are there are open. */
  private void announce() {
    if (!announced) {
      announced = true;
      events.accept(new RelayEvent.Recording(call, true, ""));
    }
  }

  private boolean takes() {
    return state == State.RUNNING || state == State.STOPPED;
  }

  private boolean drain(long nowNs) throws IOException {
    for (int i = 0; i < BATCH && takes(); i++) {
      switch (tap.poll(packet)) {
        case NOTHING -> {
          return false;
        }
        case PACKET -> onPacket(nowNs);
        case INPUT -> onInput(tap.takeInput(), nowNs);
      }
    }
    return takes();
  }

  /** How long the packet had waited that waited longest since the last call of this. */
  long takeOldestNs() {
    long taken = oldestNs;
    oldestNs = 0;
    return taken;
  }

  private void onPacket(long nowNs) throws IOException {
    oldestNs = Math.max(oldestNs, nowNs - packet.nowNs);
    Track track = files().attendance().of(packet.peer);
    if (track != null) {
      track.onPacket(packet);
    }
  }

  private void onInput(TapInput input, long nowNs) throws IOException {
    switch (input) {
      case TapInput.Marked m -> changed |= files().attendance().onMark(m);
      case TapInput.Noted n -> {
        files().note(n.note(), n.nowNs());
        changed = true;
      }
      case TapInput.Report r -> {
        Track track = files().attendance().of(r.peer());
        if (track != null) {
          track.onReport(r.ntp(), r.rtp(), r.nowNs());
        }
      }
      case TapInput.Closed c -> {
        onClosed(c.unheard(), c.nowNs());
        finish(nowNs);
      }
    }
  }

  private RecordingFiles files() {
    if (files == null) {
      throw new IllegalStateException("no folder yet");
    }
    return files;
  }

  private void onClosed(int[] unheard, long nowNs) throws IOException {
    endNs = nowNs;
    files().ends(nowNs);
    files().attendance().onEnd(unheard, nowNs);
    state = State.ENDING;
  }

  /** Describes and seals all there is; when the disk does not take it, again in some seconds. */
  private void finish(long nowNs) {
    try {
      if (!files().isDescribed()) {
        describe(endNs, true);
      }
      files().close(stopped == null);
    } catch (IOException | RuntimeException e) {
      retryNs = nowNs + RETRY_NS;
      if (files().isGone()) {
        state = State.OVER;
        log.error("call {} recording: its folder has been removed", call.shortForm());
      } else {
        log.warn("call {} recording is not closed yet: {}", call.shortForm(), e.toString());
      }
      return;
    }
    state = State.OVER;
    meter.closed(stopped == null);
    files().attendance().tracks().forEach(track -> track.tellMissing(meter));
    int tracks = files().attendance().tracks().size();
    log.info(
        "call {} {}, {} tracks", call.shortForm(), stopped == null ? "recorded" : "sealed", tracks);
    if (stopped == null) {
      announce();
      events.accept(new RelayEvent.Recording(call, false, ""));
      events.accept(new RelayEvent.RecordingReady(call, files().folder()));
    }
  }

  /** The one way out when something breaks: the call goes on without its recording. */
  private void fail(Exception cause, long nowNs) {
    if (state == State.OVER || state == State.ENDING) {
      log.error("call {} recording: after its end", call.shortForm(), cause);
      return;
    }
    String reason = DiskTrouble.sentence(cause);
    if (cause instanceof IOException) {
      log.error("call {} recording stopped: {} ({})", call.shortForm(), reason, cause.toString());
    } else {
      log.error("call {} recording stopped: {}", call.shortForm(), reason, cause);
    }
    if (state == State.NEW) {
      tap.kill();
      state = State.OVER;
    } else if (state == State.STOPPED) {
      endNs = nowNs; // the ledger itself is broken
      state = State.ENDING;
      return;
    } else {
      stop(reason, nowNs);
    }
    events.accept(new RelayEvent.Recording(call, false, reason));
  }

  private void stop(String reason, long nowNs) {
    stopped = reason;
    tap.deafen();
    files().onStopped();
    if (endNs >= 0) {
      endOfLedgers();
      state = State.ENDING; // it was the end that failed
      return;
    }
    state = State.STOPPED;
    try {
      describe(nowNs, false);
    } catch (IOException | RuntimeException e) {
      log.debug("call {} call.json stays as it was", call.shortForm(), e);
    }
  }

  private void endOfLedgers() {
    try {
      files().attendance().onEnd(new int[0], endNs);
    } catch (IOException | RuntimeException e) {
      log.error("call {} ledger does not end", call.shortForm(), e);
    }
  }

  private static double apartMs(Instant counted, Instant read) {
    return Math.round(Duration.between(counted, read).toNanos() / 1e5) / 10.0;
  }

  /**
   * @param over whether the recording has ended; else it runs, or has stopped
   */
  private void describe(long nowNs, boolean over) throws IOException {
    Attendance attendance = files().attendance();
    var participants =
        attendance.tracks().stream().map(t -> t.describe(started, startNs, nowNs)).toList();
    Instant ended = over ? started.plusNanos(nowNs - startNs) : null;
    Instant endedUtc = over ? clock.instant() : null;
    CallDocument document =
        new CallDocument(
            1,
            call.value(),
            info.team(),
            info.chat(),
            info.displayName(),
            MachineName.get(),
            over && stopped == null,
            CallDocument.iso(info.created()),
            CallDocument.iso(started),
            ended == null ? null : CallDocument.iso(ended),
            CallDocument.seconds((nowNs - startNs) * 48 / 1_000_000),
            stopped,
            new CallDocument.Clocks(
                "system clock, read once at the start",
                "monotonic clock of the media loop",
                CallDocument.iso(started),
                startNs,
                endedUtc == null ? null : CallDocument.iso(endedUtc),
                ended == null ? null : nowNs,
                ended == null || endedUtc == null ? null : apartMs(ended, endedUtc)),
            tap.inputsLost() + attendance.refused(),
            CallDocument.Policy.of(info.policy()),
            Completeness.of(
                participants.stream().map(CallDocument.Participant::completeness).toList()),
            participants,
            List.copyOf(files().notes()));
    files().describe(document.toBytes(), over);
    changed = false;
    writtenNs = nowNs;
  }
}
