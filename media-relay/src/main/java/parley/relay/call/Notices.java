package parley.relay.call;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.LogContext;
import parley.relay.api.PeerId;
import parley.relay.api.RecordingNote;
import parley.relay.mix.Announcement;
import parley.relay.srtp.PacketBuffer;

/**
 * Lets everybody in a recorded call hear that it is recorded, each from when he is connected: in
 * one of his slots, in place of whoever is in it. What was sent, and what the client's reports said
 * of it, goes into the recording.
 */
final class Notices {

  private static final Logger log = LoggerFactory.getLogger(Notices.class);

  private static final long FRAME_NS = 20_000_000L;

  /**
   * Clients set up their output when the connection stands; a beginning that is lost helps nobody.
   */
  static final long DELAY_NS = 500_000_000L;

  /** Two reports of a client that sends one every five seconds (RFC 3550 §6.2). */
  static final long PROOF_NS = 12_000_000_000L;

  /** After a tick that came late; the receiver's buffer takes a few frames at once. */
  private static final int MAX_FRAMES_A_TICK = 5;

  private enum State {
    WAITING,
    PLAYING,
    PLAYED,
    TOLD
  }

  /** One peer's. */
  private static final class Play {
    State state = State.WAITING;
    long sinceNs = -1;
    @Nullable Slot slot;
    int frames;
    int firstSequence;
    int lastSequence;
    int lostBefore;
  }

  private final CallId id;
  private final CallOutput output;
  private final Map<PeerId, Play> plays = new HashMap<>();
  private @Nullable Announcement announcement;

  Notices(CallId id, CallOutput output) {
    this.id = id;
    this.output = output;
  }

  /** A recording begins: all who are there hear it, and whoever comes. */
  void begin(Announcement sound, RelayPeer[] peers, RtpSink sink, long nowNs) {
    end(peers, sink, nowNs);
    announcement = sound;
  }

  /** The recording is over; a notice that plays is broken off. */
  void end(RelayPeer[] peers, RtpSink sink, long nowNs) {
    for (RelayPeer peer : peers) {
      leave(peer, sink, nowNs);
    }
    plays.clear();
    announcement = null;
  }

  void leave(RelayPeer peer, RtpSink sink, long nowNs) {
    Play play = plays.remove(peer.id());
    if (play == null) {
      return;
    }
    if (play.slot != null) {
      play.slot.endNotice();
    }
    if (play.state == State.PLAYING) {
      tell("notice_broken_off", "left before its end", peer, play, sink, nowNs);
    } else if (play.state == State.PLAYED) {
      tell("notice_unconfirmed", "left before a report", peer, play, sink, nowNs);
    }
  }

  void onTick(RelayPeer[] peers, RtpSink sink, long nowNs) {
    Announcement sound = announcement;
    if (sound == null) {
      return;
    }
    for (RelayPeer peer : peers) {
      if (peer.connected() && peer.slots().size() > 0) {
        Play play = plays.computeIfAbsent(peer.id(), p -> new Play());
        onTick(peer, play, sound, sink, nowNs);
      }
    }
  }

  private void onTick(RelayPeer peer, Play play, Announcement sound, RtpSink sink, long nowNs) {
    switch (play.state) {
      case WAITING -> {
        if (play.sinceNs < 0) {
          play.sinceNs = nowNs + DELAY_NS;
        } else if (nowNs >= play.sinceNs) {
          start(peer, play, nowNs);
          play(peer, play, sound, sink, nowNs);
        }
      }
      case PLAYING -> play(peer, play, sound, sink, nowNs);
      case PLAYED -> prove(peer, play, sink, nowNs);
      case TOLD -> {}
    }
  }

  private void start(RelayPeer peer, Play play, long nowNs) {
    Slot slot = peer.slots().forNotice();
    slot.beginNotice();
    play.slot = slot;
    play.state = State.PLAYING;
    play.sinceNs = nowNs;
    play.lostBefore = slot.remoteCumulativeLost();
    LogContext.about(
        id,
        () ->
            log.info(
                "call {} peer {} is told that the call is recorded", id.shortForm(), peer.id()));
  }

  private void play(RelayPeer peer, Play play, Announcement sound, RtpSink sink, long nowNs) {
    Slot slot = play.slot;
    if (slot == null || peer.slots().withSsrc(slot.ssrc()) != slot) {
      restart(play); // another offer has other sections
      return;
    }
    long due = (nowNs - play.sinceNs) / FRAME_NS + 1;
    for (int i = 0; i < MAX_FRAMES_A_TICK && play.frames < Math.min(due, sound.frames()); i++) {
      if (slot.acceptsNotice(play.frames, nowNs)) {
        PacketBuffer buffer = output.acquire();
        byte[] payload = sound.frame(slot.codec(), play.frames);
        slot.writeNotice(payload, buffer);
        output.sendRtp(peer, buffer);
        if (play.frames == 0) {
          play.firstSequence = slot.sequence();
        }
        play.lastSequence = slot.sequence();
      }
      play.frames++;
    }
    if (play.frames == sound.frames()) {
      slot.endNotice();
      play.state = State.PLAYED;
      play.sinceNs = nowNs;
      tell("notice_played", "sent to the end", peer, play, sink, nowNs);
    }
  }

  private static void restart(Play play) {
    play.state = State.WAITING;
    play.sinceNs = -1;
    play.frames = 0;
    play.slot = null;
  }

  /** A report about the slot that came after the end, and counts up to it, is the proof. */
  private void prove(RelayPeer peer, Play play, RtpSink sink, long nowNs) {
    Slot slot = play.slot;
    boolean reported =
        slot != null
            && slot.reported()
            && slot.reportedNs() > play.sinceNs
            && (short) (slot.remoteHighest() - play.lastSequence) >= 0;
    if (reported) {
      play.state = State.TOLD;
      tell("notice_confirmed", "the client reports it as received", peer, play, sink, nowNs);
    } else if (nowNs - play.sinceNs > PROOF_NS) {
      play.state = State.TOLD;
      tell("notice_unconfirmed", "no report of the client in time", peer, play, sink, nowNs);
    }
  }

  private void tell(String what, String text, RelayPeer peer, Play play, RtpSink sink, long nowNs) {
    Slot slot = play.slot;
    if (slot == null) {
      return;
    }
    sink.note(
        new RecordingNote(
            what,
            peer.info().contact(),
            peer.id().value(),
            text,
            Map.of(
                "ssrc",
                Integer.toUnsignedLong(slot.ssrc()),
                "packets",
                (long) play.frames,
                "first_sequence",
                (long) play.firstSequence,
                "last_sequence",
                (long) play.lastSequence,
                "reported_highest",
                slot.reported() ? (long) slot.remoteHighest() : -1L,
                "reported_lost",
                slot.reported() ? (long) slot.remoteCumulativeLost() - play.lostBefore : -1L)),
        nowNs);
  }
}
