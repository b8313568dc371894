package parley.relay.call;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.LogContext;
import parley.relay.mix.MixedFrame;
import parley.relay.mix.Mixer;
import parley.relay.mix.MixerInput;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OpusToc;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.PacketHistory;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

/**
 * Decides who of a call hears a mix, and who is in it; the mixer itself may be far away. A mix is
 * for who has one section and several others to hear. In it are the loudest of those who speak. Who
 * is silent shares one mix with all who are; who is in it gets one without his own voice, and with
 * the next loudest in its place, so that everyone hears equally many others.
 */
final class CallMix {

  private static final Logger log = LoggerFactory.getLogger(CallMix.class);

  /** For so long a new mix runs before it replaces what is forwarded: its codecs settle. */
  private static final long SETTLING_NS = 80_000_000L;

  /** So late may the sound in the mix be behind the forwarded one before it is waited for. */
  private static final long AWAITED_NS = 300_000_000L;

  /** After a mixer was lost everybody is forwarded to for a while. */
  private static final long REPAIR_NS = 5_000_000_000L;

  /** What a decoder has to hear before it renders the next packet as the sender's does. */
  private static final int WARM_UP_PACKETS = 3;

  private final CallId id;
  private final CallOutput output;
  private final int voices;
  private final MixedTrack[] tracks = new MixedTrack[Mixer.MAX_TRACKS];
  private final int[] listeners = new int[Mixer.MAX_STREAMS];
  private final int[] without = new int[Mixer.MAX_STREAMS];
  private final int[] csrcs = new int[OutgoingHeader.MAX_CSRCS];

  /** The track, a bit each, that only those hear who are in the mix themselves. */
  private int spare;

  private @Nullable MixerInput mixer;
  private boolean lost;
  private long lostNs;

  /**
   * @param loudest how many voices are heard at the same time
   */
  CallMix(CallId id, CallOutput output, int loudest) {
    this.id = id;
    this.output = output;
    this.voices = Math.min(loudest, Mixer.MAX_TRACKS / 2); // the rest are for voices that fade
    for (int i = 0; i < tracks.length; i++) {
      tracks[i] = new MixedTrack();
    }
  }

  /** Whether there is a mixer at work. */
  boolean running() {
    return mixer != null;
  }

  /** Somebody came, went, was muted, or changed his sections. */
  void onMembers(RelayPeer[] peers, Iterable<RelayPeer> far, long nowNs) {
    endTracks(peers, nowNs);
    Map<String, Integer> voicesOf = new HashMap<>();
    int all = 0;
    for (RelayPeer peer : peers) {
      if (peer.connected() && peer.uplink().sends()) { // muted or not: that changes quickly
        voicesOf.merge(peer.info().contact(), 1, Integer::sum);
        all++;
      }
    }
    for (RelayPeer voice : far) {
      voicesOf.merge(voice.info().contact(), 1, Integer::sum);
      all++;
    }
    int wanted = 0;
    for (RelayPeer peer : peers) {
      int others = all - voicesOf.getOrDefault(peer.info().contact(), 0);
      if (wantsMix(peer, others) && open(nowNs)) {
        wanted++;
        enter(peer, nowNs);
      } else {
        exit(peer, nowNs);
      }
    }
    if (wanted == 0) {
      close();
    }
  }

  private static boolean wantsMix(RelayPeer peer, int others) {
    if (!peer.connected()) {
      return false;
    }
    return peer.slots().telephone() ? others > 0 : peer.slots().size() == 1 && others > 1;
  }

  /** A peer has left. */
  void forget(RelayPeer peer, RelayPeer[] rest, long nowNs) {
    if (peer.listener.stream >= 0) {
      leaveStream(peer.listener);
    }
    peer.listener.state = MixListener.State.FORWARDED;
    if (peer.track >= 0) {
      endTrack(peer, rest, nowNs);
    }
    for (MixedTrack track : tracks) {
      if (track.owner == peer) {
        track.owner = null;
      }
    }
  }

  /** A packet of a peer, after it was ranked. */
  void onPacket(RelayPeer from, RtpPacket packet, RelayPeer[] peers, long nowNs) {
    MixerInput input = mixer;
    if (input == null) {
      return;
    }
    boolean heard = belongs(from, nowNs);
    if (!heard && from.track >= 0) {
      endTrack(from, peers, nowNs);
    } else if (heard && from.track < 0) {
      beginTrack(input, from, packet, peers, nowNs);
    }
    if (from.track < 0) {
      return;
    }
    MixedTrack track = tracks[from.track];
    if (track.ssrc != packet.ssrc()) {
      track.ssrc = packet.ssrc();
      input.beginTrack(from.track, true);
    }
    input.packet(
        from.track,
        packet.sequence(),
        packet.timestamp(),
        false,
        packet.data(),
        packet.payloadOffset(),
        packet.payloadLength(),
        nowNs);
    if (spare != spareTracks()) {
      reassign(peers);
    }
  }

  /** About every 20 ms. */
  void onTick(RelayPeer[] peers, long nowNs) {
    if (mixer == null) {
      return;
    }
    endTracks(peers, nowNs);
    for (RelayPeer peer : peers) {
      MixListener listener = peer.listener;
      if (listener.state == MixListener.State.CHANGING && nowNs - listener.sinceNs >= SETTLING_NS) {
        stopForwarding(peer, nowNs);
      }
    }
  }

  /** Whether it is time to look again whether a mixer can be had. */
  boolean repaired(long nowNs) {
    if (!lost || nowNs - lostNs < REPAIR_NS) {
      return false;
    }
    lost = false;
    return true;
  }

  /** 20 ms of a stream have come from the mixer. */
  void onMixed(MixedFrame frame, RelayPeer[] peers, long nowNs) {
    for (int i = 0; i < tracks.length; i++) {
      tracks[i].played = frame.played[i];
    }
    int voicesIn = 0;
    for (int rest = frame.tracks; rest != 0; rest &= rest - 1) {
      csrcs[voicesIn++] = tracks[Integer.numberOfTrailingZeros(rest)].csrc;
    }
    for (RelayPeer peer : peers) {
      MixListener listener = peer.listener;
      if (listener.state == MixListener.State.MIXED
          && listener.stream == frame.stream
          && follows(listener, frame, nowNs)) {
        send(peer, frame, voicesIn, nowNs);
      }
    }
  }

  /** The mixer is gone: everybody is forwarded to, until there is another. */
  void onLost(RelayPeer[] peers, long nowNs) {
    say(
        () ->
            log.warn(
                "call {} has lost its mixer: one voice at a time for who has one section",
                id.shortForm()));
    lost = true;
    lostNs = nowNs;
    for (RelayPeer peer : peers) {
      exit(peer, nowNs);
    }
    close();
  }

  private void send(RelayPeer to, MixedFrame frame, int voicesIn, long nowNs) {
    Slot slot = to.slots().at(0);
    if (!slot.acceptsMix(frame.number, frame.marker, nowNs)) {
      return;
    }
    Repair.repeat(to, slot, output);
    PacketBuffer buffer = output.acquire();
    slot.write(frame.data, 0, frame.length, csrcs, voicesIn, frame.level, buffer);
    output.sendRtp(to, buffer);
  }

  /** Whether the mix has come to where the forwarded voice was. */
  private boolean follows(MixListener listener, MixedFrame frame, long nowNs) {
    int awaited = listener.awaitedTrack;
    if (awaited < 0) {
      return true;
    }
    if (tracks[awaited].on
        && (short) (frame.played[awaited] - listener.forwarded) <= 0
        && nowNs - listener.sinceNs < AWAITED_NS) {
      return false;
    }
    listener.awaitedTrack = -1;
    return true;
  }

  private boolean open(long nowNs) {
    if (mixer == null && !(lost && nowNs - lostNs < REPAIR_NS)) {
      mixer = output.openMixer();
      lost = mixer == null;
      lostNs = nowNs;
      if (mixer != null) {
        say(() -> log.info("call {} is mixed", id.shortForm()));
      }
    }
    return mixer != null;
  }

  private void close() {
    if (mixer == null) {
      return;
    }
    mixer = null;
    for (MixedTrack track : tracks) {
      if (track.owner != null) {
        track.owner.track = -1;
      }
      track.owner = null;
      track.on = false;
    }
    output.closeMixer();
    say(() -> log.info("call {} is mixed no longer", id.shortForm()));
  }

  private void say(Runnable line) {
    LogContext.about(id, line);
  }

  private void enter(RelayPeer peer, long nowNs) {
    MixListener listener = peer.listener;
    if (listener.state != MixListener.State.MIXED && peer.slots().telephone()) {
      stopForwarding(peer, nowNs); // nothing was forwarded that the mix had to follow
    } else if (listener.state == MixListener.State.FORWARDED) {
      listener.state = MixListener.State.CHANGING;
      listener.sinceNs = nowNs;
    }
    follow(peer, ownTracks(peer));
  }

  private void exit(RelayPeer peer, long nowNs) {
    MixListener listener = peer.listener;
    if (listener.stream >= 0) {
      leaveStream(listener);
    }
    boolean mixed = listener.state == MixListener.State.MIXED;
    listener.state = MixListener.State.FORWARDED;
    if (mixed && peer.slots().mixed()) {
      resumeForwarding(peer, nowNs);
    }
  }

  /** From the packet behind the last that is forwarded, the mix will go on. */
  private void stopForwarding(RelayPeer peer, long nowNs) {
    MixListener listener = peer.listener;
    listener.state = MixListener.State.MIXED;
    listener.sinceNs = nowNs;
    listener.awaitedTrack = -1;
    Slot slot = peer.slots().at(0);
    RelayPeer source = slot.active() ? slot.source() : null;
    PacketHistory history = source == null ? null : source.uplink().history();
    if (source != null && source.track >= 0 && history != null && !history.isEmpty()) {
      listener.awaitedTrack = source.track;
      listener.forwarded = history.newest();
    }
    peer.slots().mix(listener.awaitedTrack >= 0);
  }

  /** From the packet behind the last that the mix has played, the one voice left is forwarded. */
  private void resumeForwarding(RelayPeer peer, long nowNs) {
    boolean understands = peer.slots().size() > 0 && !peer.slots().telephone();
    RelayPeer heard = understands ? loudestVoiceFor(peer) : null;
    peer.slots().unmix(heard);
    PacketHistory history = heard == null ? null : heard.uplink().history();
    if (heard == null || history == null || history.isEmpty()) {
      return;
    }
    Slot slot = peer.slots().at(0);
    int from = tracks[heard.track].played + 1;
    int count = (short) (history.newest() - from) + 1;
    for (int i = Math.max(0, count - PacketHistory.CAPACITY); i < count; i++) {
      int sequence = from + i & 0xFFFF;
      if (history.has(sequence)) {
        resend(peer, slot, heard, history, sequence, nowNs);
      }
    }
  }

  private void resend(
      RelayPeer to, Slot slot, RelayPeer from, PacketHistory history, int sequence, long nowNs) {
    byte[] payload = history.payload(sequence);
    int length = history.length(sequence);
    int ticks = OpusToc.ticks(payload, 0, length);
    if (slot.accepts(
        from.uplink().ssrc(), sequence, history.timestamp(sequence), false, ticks, nowNs)) {
      PacketBuffer buffer = output.acquire();
      slot.write(payload, 0, length, from.csrc(), AudioLevel.ABSENT, buffer);
      output.sendRtp(to, buffer);
    }
  }

  /** Whoever was heard in the mix and is not of the listener's own; null: nobody. */
  private @Nullable RelayPeer loudestVoiceFor(RelayPeer listener) {
    RelayPeer best = null;
    for (MixedTrack track : tracks) {
      RelayPeer owner = track.owner;
      if (track.on
          && owner != null
          && !owner.sameContact(listener)
          && (best == null || owner.speaker.loudness > best.speaker.loudness)) {
        best = owner;
      }
    }
    return best;
  }

  private boolean belongs(RelayPeer peer, long nowNs) {
    // One more than is heard at a time: whoever is among the first does not hear himself.
    return peer.speaker.rank >= 0 && peer.speaker.rank <= voices && peer.speaker.speaking(nowNs);
  }

  private int spareTracks() {
    int spares = 0;
    for (int i = 0; i < tracks.length; i++) {
      RelayPeer owner = tracks[i].owner;
      if (tracks[i].on && owner != null && owner.speaker.rank >= voices) {
        spares |= 1 << i;
      }
    }
    return spares;
  }

  private void beginTrack(
      MixerInput input, RelayPeer from, RtpPacket packet, RelayPeer[] peers, long nowNs) {
    int free = freeTrack(from);
    if (free < 0) {
      return; // with his next packet one of those that fade may be free
    }
    MixedTrack track = tracks[free];
    boolean another = track.owner != from || track.ssrc != packet.ssrc();
    track.owner = from;
    track.ssrc = packet.ssrc();
    track.csrc = from.csrc();
    track.on = true;
    from.track = free;
    input.beginTrack(free, another);
    warmUp(input, from, packet.sequence(), nowNs);
    reassign(peers);
  }

  /** The decoder hears what went before, so that a syllable's start has its full strength. */
  private static void warmUp(MixerInput input, RelayPeer from, int sequence, long nowNs) {
    PacketHistory history = from.uplink().history();
    for (int back = WARM_UP_PACKETS; history != null && back > 0; back--) {
      int before = sequence - back & 0xFFFF;
      if (history.has(before)) {
        input.packet(
            from.track,
            before,
            history.timestamp(before),
            true,
            history.payload(before),
            0,
            history.length(before),
            nowNs);
      }
    }
  }

  /** The one he had; else one that nobody has had; else the one that has been off longest. */
  private int freeTrack(RelayPeer speaker) {
    int best = -1;
    for (int i = 0; i < tracks.length; i++) {
      MixedTrack track = tracks[i];
      if (track.on) {
        continue;
      }
      if (track.owner == speaker) {
        return i;
      }
      if (best < 0 || isFreer(track, tracks[best])) {
        best = i;
      }
    }
    return best;
  }

  private static boolean isFreer(MixedTrack track, MixedTrack than) {
    return than.owner != null && (track.owner == null || track.endedNs < than.endedNs);
  }

  /** Those who ceased to speak, or have been passed. */
  private void endTracks(RelayPeer[] peers, long nowNs) {
    for (MixedTrack track : tracks) {
      if (track.on && track.owner != null && !belongs(track.owner, nowNs)) {
        endTrack(track.owner, peers, nowNs);
      }
    }
  }

  private void endTrack(RelayPeer peer, RelayPeer[] peers, long nowNs) {
    MixedTrack track = tracks[peer.track];
    track.on = false;
    track.endedNs = nowNs;
    if (mixer != null) {
      mixer.endTrack(peer.track);
    }
    peer.track = -1;
    reassign(peers);
  }

  /** The voices have changed: who hears which stream. */
  private void reassign(RelayPeer[] peers) {
    spare = spareTracks();
    for (RelayPeer peer : peers) {
      if (peer.listener.stream >= 0) {
        follow(peer, ownTracks(peer));
      }
    }
  }

  private int ownTracks(RelayPeer peer) {
    int own = 0;
    for (int i = 0; i < tracks.length; i++) {
      RelayPeer owner = tracks[i].owner;
      if (tracks[i].on && owner != null && owner.sameContact(peer)) {
        own |= 1 << i;
      }
    }
    return own;
  }

  private void follow(RelayPeer peer, int own) {
    MixListener listener = peer.listener;
    int before = listener.stream;
    int next = streamOf(peer.slots().at(0).codec(), own);
    int leftOut = own == 0 ? spare : own;
    if (mixer == null || (before == next && listener.without == leftOut)) {
      return;
    }
    if (next != before && listeners[next] > 0) {
      mixer.joinStream(next); // others hear it already: it cannot begin as this one's did
    }
    if (listeners[next] == 0 || without[next] != leftOut) {
      mixer.beginStream(next, leftOut, before >= 0 ? before : next);
    }
    without[next] = leftOut;
    listeners[next]++;
    listener.stream = next;
    listener.without = leftOut;
    if (before >= 0 && --listeners[before] == 0) {
      mixer.endStream(before);
    }
  }

  /** Of those who hear the same codec without the same voices of their own. */
  private static int streamOf(AudioCodec codec, int own) {
    int first = codec.ordinal() * Mixer.STREAMS_A_CODEC;
    return own == 0 ? first : first + 1 + Integer.numberOfTrailingZeros(own);
  }

  private void leaveStream(MixListener listener) {
    if (--listeners[listener.stream] == 0 && mixer != null) {
      mixer.endStream(listener.stream);
    }
    listener.stream = -1;
    listener.without = 0;
  }
}
