package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.evidence.Seal;

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

  private final String file;
  private final PeerId peer;
  private final PeerInfo info;
  private final TrackFile disk;
  private final SealedPages pages;
  private final OggOpusWriter writer;
  private final GapLedger gaps = new GapLedger();
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

  /**
   * @param number from 1, in the order of joining
   * @param comments of the track, {@code NAME=value}
   */
  Track(
      Path folder,
      Seal seal,
      int number,
      PeerId peer,
      PeerInfo info,
      List<String> comments,
      long startNs,
      long joinedNs)
      throws IOException {
    this.file = TrackName.of(number, info.displayName());
    this.peer = peer;
    this.info = info;
    this.joinedNs = joinedNs;
    this.lastFlushNs = joinedNs;
    disk = new TrackFile(folder.resolve(file));
    pages = new SealedPages(disk, file, seal);
    writer = new OggOpusWriter(pages, folder.hashCode() * 31 + number);
    long joined = Math.max(0, (joinedNs - startNs) * 48 / 1_000_000);
    timeline = new TrackTimeline(startNs, joined, writer, gaps, counters);
    try {
      writer.open("Parley", comments);
    } catch (IOException e) {
      disk.close();
      throw e;
    }
  }

  void onPacket(PacketRing.Packet packet) throws IOException {
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
    timeline.onMuted(muted, nowNs);
  }

  void onRestarted() {
    timeline.onRestarted();
  }

  void onTalking(boolean talking, long nowNs) {
    timeline.onTalking(talking);
    if (talking && talkingSince < 0) {
      talkingSince = timeline.position(nowNs);
    } else if (!talking && talkingSince >= 0) {
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
    timeline.onLeft(nowNs);
    gaps.muted(false, timeline.position(nowNs));
    leftNs = nowNs;
    leftReason = reason;
    rest(nowNs);
  }

  private void rest(long nowNs) throws IOException {
    writer.rest();
    disk.rest();
    lastFlushNs = nowNs;
  }

  void onTick(long nowNs) throws IOException {
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
    writer.finish(timeline.onEnd(nowNs));
    writer.rest();
    disk.sync();
    seal();
  }

  /** Seals what has been written so far. */
  void seal() throws IOException {
    pages.close();
  }

  /** What is known at this moment. */
  CallDocument.Participant describe(Instant started, long startNs, long nowNs) {
    List<long[]> spans = new ArrayList<>(talks);
    if (talkingSince >= 0) {
      spans.add(new long[] {talkingSince, Math.max(talkingSince, timeline.position(nowNs))});
    }
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
        gaps.gaps().stream().map(Track::missing).toList(),
        lastToc < 0
            ? null
            : new CallDocument.Codec(
                "opus", 48_000, stereo, OpusPacket.bandwidth(lastToc), lastSamples / 48.0));
  }

  private static CallDocument.Missing missing(Gap gap) {
    return new CallDocument.Missing(
        CallDocument.seconds(gap.from()),
        CallDocument.seconds(gap.to() - gap.from()),
        gap.why().word());
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
