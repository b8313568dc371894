package parley.relay.recording;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;

/** One participant of one recording: the track, and what {@code call.json} says of it. */
final class Track implements AutoCloseable {

  /** 200 ms, less than a bite of silence: with the hold back, a crash takes less than a second. */
  private static final int FLUSHED_SAMPLES = 9_600;

  /**
   * 10 s: how often the silence of somebody who has left is written. Between two times the track
   * holds neither memory nor an open file, however many come and go.
   */
  private static final long LEFT_PAUSE_NS = 10_000_000_000L;

  /** Talking begins and ends a few times a minute; a day of it. */
  private static final int MAX_SPANS = 20_000;

  private final int number;
  private final Journal journal;
  private final String file;
  private final PeerId peer;
  private final PeerInfo info;
  private final @Nullable TrackFile disk;
  private final @Nullable SealedPages pages;
  private final OggOpusWriter writer;
  private final GapLedger gaps;
  private final TrackCounters counters = new TrackCounters();
  private final TrackTimeline timeline;
  private final List<long[]> talks = new ArrayList<>();
  private final long joinedNs;
  private long talkingSince = -1;
  private long leftNs;
  private @Nullable String leftReason;
  private int lastToc = -1;
  private int lastSamples;
  private boolean stereo;
  private long lastFlushNs;
  private boolean whole;

  /** From where on nothing is written any more, a place; -1 while all is well. */
  private long stoppedAt = -1;

  /**
   * A participant, and the file that his track goes to.
   *
   * @param number from 1, in the order of joining
   * @param comments of the track, {@code NAME=value}
   */
  Track(
      TrackFiles files,
      Journal journal,
      int number,
      PeerId peer,
      PeerInfo info,
      List<String> comments,
      long startNs,
      long joinedNs)
      throws IOException {
    this.number = number;
    this.journal = journal;
    this.file = files.name(TrackName.of(number, info.displayName()));
    this.peer = peer;
    this.info = info;
    this.joinedNs = joinedNs;
    this.lastFlushNs = joinedNs;
    gaps = new GapLedger(journal.ledger(number));
    disk = files.create(file);
    pages = new SealedPages(disk, file, files.seal());
    writer = new OggOpusWriter(files.protect(file, pages), files.serial(number));
    timeline = new TrackTimeline(startNs, place(joinedNs, startNs), writer, gaps, counters);
    try {
      writer.open("Parley", comments);
    } catch (IOException e) {
      disk.close();
      throw e;
    }
  }

  /** A participant who joined when nothing could be written any more: only the ledger is kept. */
  Track(Journal journal, int number, PeerId peer, PeerInfo info, long startNs, long joinedNs) {
    this.number = number;
    this.journal = journal;
    this.file = "";
    this.peer = peer;
    this.info = info;
    this.joinedNs = joinedNs;
    this.lastFlushNs = joinedNs;
    gaps = new GapLedger(journal.ledger(number));
    disk = null;
    pages = null;
    writer = new OggOpusWriter((data, length, granule) -> {}, number);
    timeline = new TrackTimeline(startNs, place(joinedNs, startNs), writer, gaps, counters);
    stoppedAt = place(joinedNs, startNs);
  }

  private static long place(long nowNs, long startNs) {
    return Math.max(0, (nowNs - startNs) * 48 / 1_000_000);
  }

  /** Who this is, for the journal. */
  Map<String, Object> identity(Instant started, long startNs) {
    return Map.of(
        "peer", peer.value(),
        "contact", info.contact(),
        "display_name", info.displayName(),
        "useragent", info.useragent(),
        "file", file,
        "joined", CallDocument.iso(started.plusNanos(joinedNs - startNs)));
  }

  /**
   * The disk takes no more: what did not get there is missing, and all that follows. The file is
   * let go.
   */
  void onStopped(long startNs) {
    if (whole || stoppedAt >= 0) {
      return;
    }
    stoppedAt = Math.max(writer.written(), place(joinedNs, startNs));
    if (leftReason == null) { // else all he said was written when he left
      gaps.clip(stoppedAt);
    }
    try {
      close();
    } catch (IOException e) {
      // Nothing more is written to it.
    }
  }

  /** What should be in it and is not. */
  void tellMissing(RecorderMeter meter) {
    for (Gap.Why why : Gap.Why.values()) {
      if (why.isDue()) {
        meter.missing(why, gaps.total(why));
      }
    }
  }

  void onPacket(PacketRing.Packet packet) throws IOException {
    if (stoppedAt >= 0) {
      return;
    }
    int samples = OpusPacket.samples(packet.payload, 0, packet.length);
    if (samples > 0) {
      lastToc = packet.payload[0] & 0xff;
      lastSamples = samples;
      stereo |= OpusPacket.isStereo(lastToc);
    }
    timeline.onPacket(
        packet.sequence,
        packet.rtp,
        packet.payload,
        0,
        packet.length,
        packet.dropped,
        packet.nowNs);
  }

  void onReport(long ntp, int rtp, long nowNs) {
    timeline.onSenderReport(ntp, rtp, nowNs);
  }

  void onMuted(boolean muted, long nowNs) throws IOException {
    if (stoppedAt >= 0) {
      gaps.muted(muted, timeline.position(nowNs));
    } else {
      timeline.onMuted(muted, nowNs);
    }
  }

  void onMasked(boolean masked, String why, long nowNs) throws IOException {
    if (stoppedAt >= 0) {
      gaps.masked(masked, timeline.position(nowNs), why);
    } else {
      timeline.onMasked(masked, why, nowNs);
    }
  }

  void onRestarted() {
    timeline.onRestarted();
  }

  void onTalking(boolean talking, long nowNs) {
    timeline.onTalking(talking);
    if (talking && talkingSince < 0) {
      talkingSince = timeline.position(nowNs);
      journal.talks(number, true, talkingSince);
    } else if (!talking && talkingSince >= 0) {
      journal.talks(number, false, timeline.position(nowNs));
      if (talks.size() < MAX_SPANS) {
        talks.add(new long[] {talkingSince, timeline.position(nowNs)});
      }
      talkingSince = -1;
    }
  }

  void onLeft(String reason, long nowNs) throws IOException {
    if (leftReason != null) {
      return;
    }
    onTalking(false, nowNs);
    endLedger(nowNs);
    gaps.muted(false, timeline.position(nowNs));
    gaps.masked(false, timeline.position(nowNs), "");
    leftNs = nowNs;
    leftReason = reason;
    journal.left(number, timeline.position(nowNs), reason);
    if (stoppedAt < 0) {
      rest(nowNs);
    }
  }

  private void endLedger(long nowNs) throws IOException {
    if (stoppedAt >= 0) {
      gaps.missing(stoppedAt, timeline.position(nowNs), Gap.Why.STOPPED);
    } else {
      timeline.onLeft(nowNs);
    }
  }

  private void rest(long nowNs) throws IOException {
    writer.rest();
    if (disk != null) {
      disk.rest();
    }
    lastFlushNs = nowNs;
  }

  void onTick(long nowNs) throws IOException {
    if (stoppedAt >= 0) {
      return;
    }
    if (leftReason != null && nowNs - lastFlushNs < LEFT_PAUSE_NS) {
      return;
    }
    timeline.onTick(nowNs);
    if (leftReason != null) {
      rest(nowNs);
      return;
    }
    if (writer.unflushed() >= FLUSHED_SAMPLES
        || (writer.unflushed() > 0 && nowNs - lastFlushNs >= 250_000_000L)) {
      writer.flush();
      lastFlushNs = nowNs;
    }
  }

  /**
   * Ends the track with the recording.
   *
   * @param unheard packets that were dropped since the last one that came through
   */
  void onEnd(int unheard, long nowNs) throws IOException {
    counters.overflowed += unheard;
    onTalking(false, nowNs);
    if (stoppedAt >= 0 || disk == null) {
      if (leftReason == null) {
        endLedger(nowNs);
      }
      return;
    }
    writer.finish(timeline.onEnd(nowNs));
    writer.rest();
    disk.sync();
    seal();
    whole = true;
  }

  /** Seals what has been written so far. */
  void seal() throws IOException {
    if (pages != null) {
      pages.close();
    }
  }

  /** What is known at this moment. */
  CallDocument.Participant describe(Instant started, long startNs, long nowNs) {
    List<long[]> spans = new ArrayList<>(talks);
    if (talkingSince >= 0) {
      spans.add(new long[] {talkingSince, Math.max(talkingSince, timeline.position(nowNs))});
    }
    long end = leftReason == null ? nowNs : leftNs;
    return new CallDocument.Participant(
        peer.value(),
        info.contact(),
        info.displayName(),
        info.useragent(),
        file,
        CallDocument.iso(started.plusNanos(joinedNs - startNs)),
        leftReason == null ? null : CallDocument.iso(started.plusNanos(leftNs - startNs)),
        leftReason,
        gaps.mutes(timeline.position(nowNs)).stream().map(CallDocument::span).toList(),
        gaps.masks(timeline.position(nowNs)).stream().map(CallDocument::masked).toList(),
        spans.stream().map(CallDocument::span).toList(),
        counters.packets,
        counters.lost,
        counters.late,
        counters.duplicates,
        counters.malformed,
        counters.strays,
        counters.overflowed,
        CallDocument.seconds(counters.inserted),
        CallDocument.seconds(counters.removed),
        gaps.omitted(),
        Completeness.of(timeline.position(end) - place(joinedNs, startNs), gaps),
        gaps.gaps().stream().map(CallDocument::missing).toList(),
        lastToc < 0
            ? null
            : new CallDocument.Codec(
                "opus", 48_000, stereo, OpusPacket.bandwidth(lastToc), lastSamples / 48.0));
  }

  @Override
  public void close() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }
}
