package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayEvent;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SigningKey;

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
    OVER
  }

  /** So many at a time, then it is another call's turn. */
  private static final int BATCH = 4096;

  /** 4 s between copies of {@code call.json} that only bring counters up to date. */
  private static final long REFRESH_NS = 4_000_000_000L;

  /** A thousand people who each come ten times; more is somebody who fills the disk with files. */
  static final int MAX_TRACKS = 10_000;

  /** Names are shown by players; none needs more. */
  private static final int MAX_COMMENT = 200;

  private final CallId call;
  private final CallInfo info;
  private final RingTap tap;
  private final Instant started;
  private final long startNs;
  private final Path root;
  private final Set<Path> own;
  private final Clock clock;
  private final SigningKey key;
  private final Consumer<RelayEvent> events;
  private final PacketRing.Packet packet = new PacketRing.Packet();
  private final List<Track> tracks = new ArrayList<>();
  private final List<@Nullable Track> byPeer = new ArrayList<>();
  private State state = State.NEW;
  private @Nullable RecordingFolder folder;
  private @Nullable Seal seal;
  private boolean announced;
  private boolean changed;
  private int refused; // joins beyond MAX_TRACKS
  private long writtenNs;

  /**
   * @param startNs the media loop's time at {@code started}
   * @param own folders this process writes to, or has written to
   * @param key signs what was recorded
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
      Consumer<RelayEvent> events) {
    this.call = call;
    this.info = info;
    this.tap = tap;
    this.started = started;
    this.startNs = startNs;
    this.root = root;
    this.own = own;
    this.clock = clock;
    this.key = key;
    this.events = events;
  }

  CallId call() {
    return call;
  }

  long startNs() {
    return startNs;
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
      boolean more = drain();
      if (state == State.RUNNING) {
        for (Track track : tracks) {
          track.onTick(nowNs);
        }
        announce();
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
      while (state == State.RUNNING && drain()) {
        // until the ring is empty
      }
      if (state == State.RUNNING) {
        tap.kill();
        finish(new int[0], nowNs);
      }
    } catch (IOException | RuntimeException e) {
      fail(e, nowNs);
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
      describe(nowNs, null, null);
    } catch (IOException | RuntimeException e) {
      fail(e, nowNs);
    }
    return true;
  }

  private void begin(long nowNs) throws IOException {
    folder = RecordingFolder.create(root, call, started, own);
    seal = Seal.begin(folder.path(), call.value(), started, key);
    state = State.RUNNING;
    describe(nowNs, null, null);
    log.info("call {} recording to {}", call.shortForm(), folder.path().getFileName());
  }

  /** Tells that it records, once, when the files of all who are there are open. */
  private void announce() {
    if (!announced) {
      announced = true;
      events.accept(new RelayEvent.Recording(call, true, ""));
    }
  }

  private boolean drain() throws IOException {
    for (int i = 0; i < BATCH && state == State.RUNNING; i++) {
      switch (tap.poll(packet)) {
        case NOTHING -> {
          return false;
        }
        case PACKET -> onPacket();
        case INPUT -> onInput(tap.takeInput());
      }
    }
    return state == State.RUNNING;
  }

  private void onPacket() throws IOException {
    Track track = track(packet.peer);
    if (track != null) {
      track.onPacket(packet);
    }
  }

  /** Null when the tap had no room for the news that this peer joined, or there are too many. */
  private @Nullable Track track(int peer) {
    return peer < byPeer.size() ? byPeer.get(peer) : null;
  }

  private void onInput(TapInput input) throws IOException {
    switch (input) {
      case TapInput.Marked m -> onMark(m);
      case TapInput.Report r -> {
        Track track = track(r.peer());
        if (track != null) {
          track.onReport(r.ntp(), r.rtp(), r.nowNs());
        }
      }
      case TapInput.Closed c -> finish(c.unheard(), c.nowNs());
    }
  }

  private void onMark(TapInput.Marked marked) throws IOException {
    while (byPeer.size() <= marked.peer()) {
      byPeer.add(null);
    }
    Track track = byPeer.get(marked.peer());
    if (track == null) {
      if (!(marked.mark() instanceof Mark.Joined joined)) {
        return;
      }
      if (tracks.size() >= MAX_TRACKS) {
        refused++;
        changed = true;
        return;
      }
      track = join(marked, joined.info());
      byPeer.set(marked.peer(), track);
    }
    long nowNs = marked.nowNs();
    switch (marked.mark()) {
      case Mark.Joined joined -> track.onMuted(joined.muted(), nowNs);
      case Mark.Muted muted -> track.onMuted(muted.muted(), nowNs);
      case Mark.Talking talking -> track.onTalking(talking.talking(), nowNs);
      case Mark.Restarted restarted -> track.onRestarted();
      case Mark.Left left -> {
        track.onLeft(left.reason(), nowNs);
        changed = true;
      }
    }
  }

  private Track join(TapInput.Marked marked, PeerInfo who) throws IOException {
    Track track =
        new Track(
            folderPath(),
            seal(),
            tracks.size() + 1,
            marked.id(),
            who,
            List.of(
                comment("TITLE", info.displayName()),
                comment("ARTIST", who.displayName()),
                comment("DATE", CallDocument.iso(started)),
                comment("CALL", call.value()),
                comment("CONTACT", who.contact())),
            startNs,
            marked.nowNs());
    tracks.add(track);
    changed = true;
    return track;
  }

  private static String comment(String name, String value) {
    String text = value.length() > MAX_COMMENT ? value.substring(0, MAX_COMMENT) : value;
    return name + "=" + text;
  }

  private Path folderPath() {
    if (folder == null) {
      throw new IllegalStateException("no folder yet");
    }
    return folder.path();
  }

  private Seal seal() {
    if (seal == null) {
      throw new IllegalStateException("no folder yet");
    }
    return seal;
  }

  private void finish(int[] unheard, long nowNs) throws IOException {
    for (int peer = 0; peer < byPeer.size(); peer++) {
      Track track = byPeer.get(peer);
      if (track != null) {
        track.onEnd(peer < unheard.length ? unheard[peer] : 0, nowNs);
        track.close();
      }
    }
    describe(nowNs, started.plusNanos(nowNs - startNs), null);
    seal().document(CallDocument.FILE);
    seal().end(Seal.End.COMPLETE, clock.instant());
    if (folder != null) {
      folder.complete();
    }
    announce();
    state = State.OVER;
    log.info("call {} recorded, {} tracks", call.shortForm(), tracks.size());
    events.accept(new RelayEvent.Recording(call, false, ""));
    events.accept(new RelayEvent.RecordingReady(call, folderPath()));
  }

  /** The one way out when something breaks: the call goes on without its recording. */
  private void fail(Exception cause, long nowNs) {
    if (state == State.OVER) {
      log.error("call {} recording: after its end", call.shortForm(), cause);
      return;
    }
    state = State.OVER;
    tap.kill();
    String reason = DiskTrouble.sentence(cause);
    log.error("call {} recording stopped: {}", call.shortForm(), reason, cause);
    tracks.forEach(this::letGo);
    if (folder != null) {
      try {
        describe(nowNs, started.plusNanos(nowNs - startNs), reason);
        sealWhatThereIs();
        folder.complete();
      } catch (IOException | RuntimeException e) {
        log.debug("call {} call.json stays as it was", call.shortForm(), e);
      }
      letGo(folder);
    }
    if (seal != null) {
      letGo(seal);
    }
    events.accept(new RelayEvent.Recording(call, false, reason));
  }

  private void sealWhatThereIs() throws IOException {
    if (seal != null) {
      for (Track track : tracks) {
        track.seal();
      }
      seal.document(CallDocument.FILE);
      seal.end(Seal.End.STOPPED, clock.instant());
    }
  }

  private void letGo(AutoCloseable file) {
    try {
      file.close();
    } catch (Exception e) {
      log.debug("call {} file does not close", call.shortForm(), e);
    }
  }

  /**
   * @param ended null while the recording runs
   * @param stopped why it ended before its time; null when it did not
   */
  private void describe(long nowNs, @Nullable Instant ended, @Nullable String stopped)
      throws IOException {
    CallDocument document =
        new CallDocument(
            1,
            call.value(),
            info.team(),
            info.chat(),
            info.displayName(),
            ended != null && stopped == null,
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
                ended == null ? null : CallDocument.iso(clock.instant()),
                ended == null ? null : nowNs),
            tap.inputsLost() + refused,
            tracks.stream().map(t -> t.describe(started, startNs, nowNs)).toList());
    AtomicFile.write(folderPath().resolve(CallDocument.FILE), document.toBytes());
    changed = false;
    writtenNs = nowNs;
  }
}
