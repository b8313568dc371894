package parley.relay.recording;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerInfo;
import parley.relay.call.RtpSink.Mark;

/**
 * Everyone who came to a recorded call, in the order of joining. Owned by the recorder's thread.
 */
final class Attendance {

  /** A thousand people who each come ten times; more is somebody who fills the disk with files. */
  static final int MAX_TRACKS = 10_000;

  /** Names are shown by players; none needs more. */
  private static final int MAX_COMMENT = 200;

  private final CallId call;
  private final CallInfo info;
  private final Instant started;
  private final long startNs;
  private final TrackFiles files;
  private final Journal journal;
  private final List<Track> tracks = new ArrayList<>();
  private final List<@Nullable Track> byPeer = new ArrayList<>();
  private int refused; // joins beyond MAX_TRACKS
  private boolean stopped;

  Attendance(
      CallId call,
      CallInfo info,
      Instant started,
      long startNs,
      TrackFiles files,
      Journal journal) {
    this.call = call;
    this.info = info;
    this.started = started;
    this.startNs = startNs;
    this.files = files;
    this.journal = journal;
  }

  List<Track> tracks() {
    return tracks;
  }

  /** Joins that got no track. */
  int refused() {
    return refused;
  }

  /** Null when the tap had no room for the news that this peer joined, or there are too many. */
  @Nullable Track of(int peer) {
    return peer < byPeer.size() ? byPeer.get(peer) : null;
  }

  /** Returns whether somebody came or went. */
  boolean onMark(TapInput.Marked marked) throws IOException {
    while (byPeer.size() <= marked.peer()) {
      byPeer.add(null);
    }
    boolean changed = false;
    Track track = byPeer.get(marked.peer());
    if (track == null) {
      if (!(marked.mark() instanceof Mark.Joined joined)) {
        return false;
      }
      if (tracks.size() >= MAX_TRACKS) {
        refused++;
        return true;
      }
      track = join(marked, joined.info());
      byPeer.set(marked.peer(), track);
      changed = true;
    }
    long nowNs = marked.nowNs();
    switch (marked.mark()) {
      case Mark.Joined joined -> track.onMuted(joined.muted(), nowNs);
      case Mark.Muted muted -> track.onMuted(muted.muted(), nowNs);
      case Mark.Talking talking -> track.onTalking(talking.talking(), nowNs);
      case Mark.Masked masked -> track.onMasked(masked.masked(), masked.why(), nowNs);
      case Mark.Restarted restarted -> track.onRestarted();
      case Mark.Left left -> {
        track.onLeft(left.reason(), nowNs);
        changed = true;
      }
    }
    return changed;
  }

  private Track join(TapInput.Marked marked, PeerInfo who) throws IOException {
    int number = tracks.size() + 1;
    Track track =
        stopped
            ? new Track(journal, number, marked.id(), who, startNs, marked.nowNs())
            : new Track(
                files, journal, number, marked.id(), who, comments(who), startNs, marked.nowNs());
    tracks.add(track);
    long place = Math.max(0, (marked.nowNs() - startNs) * 48 / 1_000_000);
    journal.joined(number, place, track.identity(started, startNs));
    return track;
  }

  private List<String> comments(PeerInfo who) {
    return List.of(
        comment("TITLE", info.displayName()),
        comment("ARTIST", who.displayName()),
        comment("DATE", CallDocument.iso(started)),
        comment("CALL", call.value()),
        comment("CONTACT", who.contact()));
  }

  private static String comment(String name, String value) {
    String text = value.length() > MAX_COMMENT ? value.substring(0, MAX_COMMENT) : value;
    return name + "=" + text;
  }

  /** Nothing more can be written: from here on only the ledgers go on. */
  void onStopped() {
    stopped = true;
    tracks.forEach(track -> track.onStopped(startNs));
  }

  /**
   * Ends every track that has not ended yet.
   *
   * @param unheard per peer, packets that were dropped since the last one that came through
   */
  void onEnd(int[] unheard, long nowNs) throws IOException {
    for (int peer = 0; peer < byPeer.size(); peer++) {
      Track track = byPeer.get(peer);
      if (track != null) {
        track.onEnd(peer < unheard.length ? unheard[peer] : 0, nowNs);
        track.close();
      }
    }
  }
}
