package parley.relay.call;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingNote;
import parley.relay.api.RelayEvent;
import parley.relay.dominant.DominantSpeaker;
import parley.relay.mix.Announcement;
import parley.relay.mix.MixedFrame;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OpusToc;
import parley.relay.rtp.RedPayload;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;
import parley.relay.trunk.TrunkFrame;

/**
 * One call's media: who is in it, who is heard by whom, who talks.
 *
 * <pre>
 * from signalling:  offer, mute, mask, note, leave, sink, announce
 * from the driver:  connected, onTick
 * from the mixer:   onMixed, onMixerLost
 * from a peer:      onRtp, onRtcp
 * </pre>
 *
 * <p>Owned by its media loop: one thread, no locks, no clock of its own. Decisions leave by {@link
 * CallOutput} and {@link RtpSink}.
 */
public final class RelayCall {

  private static final Logger log = LoggerFactory.getLogger(RelayCall.class);

  /** One that arrives is enough; two more, because each may get lost. */
  private static final int SILENT_FRAMES = 3;

  private final CallId id;
  private final int loudest;
  private final CallOutput output;
  private final RandomGenerator random;
  private final String cname;
  private final ControlPackets control;
  private final Map<PeerId, RelayPeer> byId = new HashMap<>();
  private final SpeakerSelector ranking = new SpeakerSelector();
  private final DominantSpeaker<String> dominant = new DominantSpeaker<>();
  private final CallMix mix;
  private final NearVoices near;
  private final FarVoices far;
  private final RtpPacket rtp = new RtpPacket();
  private final RedPayload red = new RedPayload();
  private final Notices notices;
  private final Masks masks = new Masks();
  private final Map<String, RecordingNote> consents = new LinkedHashMap<>();
  private RelayPeer[] peers = {};
  private RtpSink sink = RtpSink.NONE;

  /** Ranks from here on are heard by nobody: a change there changes nothing. */
  private int depth;

  /**
   * @param loudest how many speakers are forwarded to a peer at the same time, at most
   */
  public RelayCall(
      CallId id, CallInfo info, int loudest, CallOutput output, RandomGenerator random) {
    this.id = id;
    this.loudest = loudest;
    this.output = output;
    this.random = random;
    // Random, and one for all that this end sends in the call (RFC 7022 §4.2).
    this.cname = Long.toUnsignedString(random.nextLong(), 36);
    this.control = new ControlPackets(output, random, cname, info.created());
    this.mix = new CallMix(id, output, loudest);
    this.near = new NearVoices(loudest, output);
    this.far = new FarVoices(cname, random);
    this.notices = new Notices(id, output);
  }

  /**
   * A device joins, or offers again and keeps its track and its slots.
   *
   * @return the peer: the same one as before when it offers again
   */
  public RelayPeer offer(
      PeerId peerId, PeerInfo peerInfo, SdpOffer offer, boolean muted, long nowNs) {
    RelayPeer peer = byId.get(peerId);
    return peer == null
        ? join(peerId, peerInfo, offer, muted, nowNs)
        : offerAgain(peer, peerInfo, offer, muted, nowNs);
  }

  private RelayPeer join(
      PeerId peerId, PeerInfo peerInfo, SdpOffer offer, boolean muted, long nowNs) {
    RelayPeer peer = new RelayPeer(peerId, peerInfo, cname, random);
    peer.negotiate(peerInfo, offer, random);
    peer.muted(muted);
    peer.nextReportNs = control.nextNs(nowNs);
    byId.put(peerId, peer);
    peers = Arrays.copyOf(peers, peers.length + 1);
    peers[peers.length - 1] = peer;
    log.info("call {} peer {} joins, {} slots", id.shortForm(), peerId, peer.slots().size());
    sink.mark(peerId, new RtpSink.Mark.Joined(peerInfo, muted), nowNs);
    applyMask(peer, nowNs);
    membersChanged(peer, nowNs);
    return peer;
  }

  private RelayPeer offerAgain(
      RelayPeer peer, PeerInfo peerInfo, SdpOffer offer, boolean muted, long nowNs) {
    peer.negotiate(peerInfo, offer, random);
    log.info("call {} peer {} offers again", id.shortForm(), peer.id());
    sink.mark(peer.id(), new RtpSink.Mark.Restarted(), nowNs);
    setMuted(peer, muted, nowNs);
    membersChanged(peer, nowNs);
    return peer;
  }

  public @Nullable RelayPeer peer(PeerId peerId) {
    return byId.get(peerId);
  }

  /** How many peers are in the call. */
  public int size() {
    return peers.length;
  }

  /** The media path to this peer is up: what the others say goes to it from now on. */
  public void connected(PeerId peerId, long nowNs) {
    RelayPeer peer = byId.get(peerId);
    if (peer != null) {
      peer.connected(true);
      peer.nextReportNs = Math.min(peer.nextReportNs, control.nextNs(nowNs));
      membersChanged(peer, nowNs);
    }
  }

  public void mute(PeerId peerId, boolean muted, long nowNs) {
    RelayPeer peer = byId.get(peerId);
    if (peer != null && peer.muted() != muted) {
      setMuted(peer, muted, nowNs);
      membersChanged(peer, nowNs);
    }
  }

  /**
   * Keeps a contact out of the recording, or lets him in again; others hear him all the time.
   *
   * @param contact empty: everybody
   */
  public void mask(String contact, boolean on, String why, long nowNs) {
    masks.set(contact, on, why);
    for (RelayPeer peer : peers) {
      applyMask(peer, nowNs);
    }
  }

  private void applyMask(RelayPeer peer, long nowNs) {
    String why = masks.of(peer.info().contact());
    if (peer.gate.mask(why)) {
      log.info(
          "call {} peer {} {}", id.shortForm(), peer.id(), why == null ? "unmasked" : "masked");
      sink.mark(peer.id(), new RtpSink.Mark.Masked(why != null, why == null ? "" : why), nowNs);
    }
  }

  /** The recording, if there is one, has to tell this. */
  public void note(RecordingNote note, long nowNs) {
    if (note.what().equals(RecordingNote.CONSENT)) {
      consents.put(note.contact(), note); // a later recording has to tell it as well
    }
    sink.note(note, nowNs);
  }

  /**
   * Lets everybody hear that the call is recorded, whoever comes later, too.
   *
   * @param announcement null: not any more
   */
  public void announce(@Nullable Announcement announcement, long nowNs) {
    if (announcement == null) {
      notices.end(peers, sink, nowNs);
    } else {
      notices.begin(announcement, peers, sink, nowNs);
    }
  }

  private void setMuted(RelayPeer peer, boolean muted, long nowNs) {
    if (peer.muted() == muted) {
      return;
    }
    if (muted && peer.talk.off()) {
      tellTalking(peer, nowNs);
    }
    if (muted) {
      fallSilent(peer, nowNs);
    }
    peer.muted(muted);
    log.info("call {} peer {} {}", id.shortForm(), peer.id(), muted ? "muted" : "unmuted");
    sink.mark(peer.id(), new RtpSink.Mark.Muted(muted), nowNs);
  }

  /**
   * Ends a voice with silence at everyone who hears it. A stream that just stops looks like loss:
   * the receiver's decoder goes on with the last sound and fades it by a few dB a frame, so that
   * one who was muted is heard some 200 ms longer.
   */
  private void fallSilent(RelayPeer peer, long nowNs) {
    for (RelayPeer to : peers) {
      Slot slot = to.connected() ? to.slots().forwarding(peer) : null;
      for (int i = 0; slot != null && i < SILENT_FRAMES && slot.acceptsSilence(nowNs); i++) {
        PacketBuffer buffer = output.acquire();
        slot.writeSilence(peer.csrc(), buffer);
        output.sendRtp(to, buffer);
      }
    }
  }

  public void leave(PeerId peerId, String reason, long nowNs) {
    RelayPeer peer = byId.remove(peerId);
    if (peer == null) {
      return;
    }
    fallSilent(peer, nowNs);
    if (peer.talk.off()) {
      tellTalking(peer, nowNs);
    }
    notices.leave(peer, sink, nowNs);
    peer.leave();
    remove(peer);
    for (RelayPeer other : peers) {
      other.slots().forget(peer);
    }
    mix.forget(peer, peers, nowNs);
    log.info("call {} peer {} leaves: {}", id.shortForm(), peerId, reason);
    sink.mark(peerId, new RtpSink.Mark.Left(reason), nowNs);
    membersChanged(peer, nowNs);
  }

  private void remove(RelayPeer peer) {
    RelayPeer[] rest = new RelayPeer[peers.length - 1];
    int kept = 0;
    for (RelayPeer other : peers) {
      if (other != peer) {
        rest[kept++] = other;
      }
    }
    peers = rest;
  }

  /** Somebody came, went, was muted, or changed his sections. */
  private void membersChanged(RelayPeer peer, long nowNs) {
    boolean ranked = peer.speaker.rank >= 0;
    if (peer.speaks() && !ranked) {
      ranking.add(peer.speaker);
    } else if (!peer.speaks() && ranked) {
      ranking.remove(peer.speaker);
    }
    near.onMember(peer);
    membersChanged(nowNs);
  }

  private void membersChanged(long nowNs) {
    depth = loudest + mostDevicesOfOneContact();
    mix.onMembers(peers, far.all(), nowNs);
    assignSlots(nowNs);
  }

  /** A receiver skips so many of the ranking at most: his own devices. */
  private int mostDevicesOfOneContact() {
    Map<String, Integer> devices = new HashMap<>();
    int most = 0;
    for (RelayPeer peer : peers) {
      most = Math.max(most, devices.merge(peer.info().contact(), 1, Integer::sum));
    }
    return most;
  }

  private void assignSlots(long nowNs) {
    for (RelayPeer peer : peers) {
      peer.slots().assign(ranking, peer, loudest, nowNs);
    }
  }

  /** From now on everything goes to this sink too; {@link RtpSink#NONE} ends that. */
  public void sink(RtpSink next, long nowNs) {
    sink = next;
    consents.values().forEach(note -> sink.note(note, nowNs));
    for (RelayPeer peer : peers) {
      sink.mark(peer.id(), new RtpSink.Mark.Joined(peer.info(), peer.muted()), nowNs);
      String mask = peer.gate.mask();
      if (mask != null) {
        sink.mark(peer.id(), new RtpSink.Mark.Masked(true, mask), nowNs);
      }
      if (peer.talking()) {
        sink.mark(peer.id(), new RtpSink.Mark.Talking(true), nowNs);
      }
    }
  }

  /** A plain RTP packet of a peer; the buffer stays the caller's and is left as it is. */
  public void onRtp(RelayPeer from, PacketBuffer packet, long nowNs) {
    Uplink uplink = from.uplink();
    if (!rtp.wrap(packet)) {
      uplink.drop(Drop.HEADER);
      return;
    }
    if (from.left()) {
      return; // packets cross with the leave
    }
    Drop drop = uplink.admit(rtp, from.muted(), nowNs);
    if (uplink.ssrcChanged()) {
      from.gate.streamChanged();
      sink.mark(from.id(), new RtpSink.Mark.Restarted(), nowNs);
    }
    if (drop != null) {
      uplink.drop(drop);
      return;
    }
    from.gate.arrived(rtp.sequence());
    if (!uplink.toOpus(rtp) || (uplink.isRed(rtp) && !unpack(from, nowNs))) {
      uplink.drop(Drop.PAYLOAD_SIZE);
      return;
    }
    onAudio(from, nowNs);
  }

  /** Of copies in the packet (RFC 2198) those that are lacking are heard first, then its own. */
  private boolean unpack(RelayPeer from, long nowNs) {
    byte[] data = rtp.data();
    int sequence = rtp.sequence();
    int timestamp = rtp.timestamp();
    int type = from.uplink().payloadType();
    if (!red.wrap(data, rtp.payloadOffset(), rtp.payloadLength(), type)) {
      return false;
    }
    int copies = red.copies();
    for (int i = 0; i < copies; i++) {
      int lost = sequence - copies + i & 0xFFFF;
      int lostTimestamp = timestamp - red.backTicks(i);
      if (red.length(i) > 0 && from.uplink().lacks(lost, lostTimestamp)) {
        rtp.replace(lost, lostTimestamp, data, red.offset(i), red.length(i));
        from.uplink().onRepaired();
        onAudio(from, nowNs);
      }
    }
    rtp.replace(sequence, timestamp, data, red.offset(copies), red.length(copies));
    return true;
  }

  private void onAudio(RelayPeer from, long nowNs) {
    Uplink uplink = from.uplink();
    if (from.gate.lets(rtp.sequence())) {
      sink.rtp(
          from.id(),
          rtp.sequence(),
          rtp.timestamp(),
          rtp.data(),
          rtp.payloadOffset(),
          rtp.payloadLength(),
          nowNs);
    }
    int ticks = OpusToc.ticks(rtp.data(), rtp.payloadOffset(), rtp.payloadLength());
    int level = uplink.level(rtp);
    near.onPacket(from, rtp, level, nowNs);
    if (from.talk.onLevel(level, ticks, nowNs)) {
      tellTalking(from, nowNs);
    }
    hear(from, ticks, level, nowNs);
  }

  /** Somebody's packet, from here or from another relay, goes to whom it is for. */
  private void hear(RelayPeer from, int ticks, int level, long nowNs) {
    if (ranking.heard(from.speaker, level, nowNs) < depth) {
      assignSlots(nowNs); // first, so that this packet is heard already
    }
    mix.onPacket(from, rtp, peers, nowNs);
    from.uplink().remember(rtp);
    from.loudestInTick = Math.min(from.loudestInTick, level);
    forward(from, ticks, nowNs);
  }

  /** Whether there are other relays to which those who speak here go. */
  public void linked(boolean on) {
    near.linked(on);
  }

  /**
   * What another relay of this call has sent; nothing of it goes on to others.
   *
   * @return whether it was of use: not that of one speaker too many, or no audio packet
   */
  public boolean onFar(TrunkFrame frame, long nowNs) {
    RelayPeer from = far.of(frame);
    if (!frame.isVoice()) {
      if (from != null) {
        endFar(from, nowNs);
      }
      return true;
    }
    if (from == null || !frame.rtp(rtp)) {
      return false;
    }
    boolean isNew = !from.uplink().heard();
    if (from.uplink().admitFar(rtp, frame.level(), nowNs) != null) {
      return false;
    }
    if (from.speaker.rank < 0) {
      ranking.add(from.speaker);
      if (isNew) {
        membersChanged(nowNs); // who has one section may want a mix from now on
      }
    }
    int ticks = OpusToc.ticks(rtp.data(), rtp.payloadOffset(), rtp.payloadLength());
    hear(from, ticks, from.uplink().level(rtp), nowNs);
    return true;
  }

  private void endFar(RelayPeer voice, long nowNs) {
    if (voice.speaker.rank >= 0) {
      fallSilent(voice, nowNs);
      ranking.remove(voice.speaker);
      assignSlots(nowNs);
    }
  }

  private void forgetFar(RelayPeer voice, long nowNs) {
    endFar(voice, nowNs);
    for (RelayPeer peer : peers) {
      peer.slots().forget(voice);
    }
    mix.forget(voice, peers, nowNs);
  }

  private void forward(RelayPeer from, int ticks, long nowNs) {
    int level = from.uplink().levelByte();
    boolean went = from.track >= 0;
    for (RelayPeer to : peers) {
      Slot slot = to.connected() ? to.slots().forwarding(from) : null;
      if (slot == null || !slot.accepts(rtp, ticks, nowNs)) {
        continue;
      }
      Repair.repeat(to, slot, output);
      PacketBuffer buffer = output.acquire();
      slot.write(rtp, from.csrc(), level, buffer);
      output.sendRtp(to, buffer);
      went = true;
    }
    if (went) {
      from.uplink().onForwarded();
    }
  }

  /** The call's mixer has made 20 ms of a stream. */
  public void onMixed(MixedFrame frame, long nowNs) {
    mix.onMixed(frame, peers, nowNs);
  }

  /** Whether everybody hears a mix, so that no packet is forwarded. */
  public boolean isOnlyMixed() {
    for (RelayPeer peer : peers) {
      if (peer.listener.state != MixListener.State.MIXED) {
        return false;
      }
    }
    return true;
  }

  /** The call's mixer is gone. */
  public void onMixerLost(long nowNs) {
    mix.onLost(peers, nowNs);
    assignSlots(nowNs);
  }

  /** A plain compound RTCP packet of a peer; the buffer stays the caller's. */
  public void onRtcp(RelayPeer from, PacketBuffer packet, long nowNs) {
    if (from.left()) {
      return;
    }
    control.onPacket(from, packet, sink, nowNs);
  }

  /** About every 20 ms: ends talk spans, gives the floor, sends reports that are due. */
  public void onTick(long nowNs) {
    giveFloor(nowNs);
    near.onTick(peers, nowNs);
    List<RelayPeer> forgotten = far.forgotten(nowNs);
    if (!forgotten.isEmpty()) {
      forgotten.forEach(voice -> forgetFar(voice, nowNs));
      membersChanged(nowNs);
    }
    mix.onTick(peers, nowNs);
    notices.onTick(peers, sink, nowNs);
    if (mix.repaired(nowNs)) {
      membersChanged(nowNs);
    }
    for (RelayPeer peer : peers) {
      if (peer.talk.onTick(nowNs)) {
        tellTalking(peer, nowNs);
      }
      control.onTick(peer, nowNs);
    }
  }

  /** Silence need not be told: whoever has not been heard of is silent. */
  private void giveFloor(long nowNs) {
    for (RelayPeer peer : peers) {
      weigh(peer, nowNs);
    }
    for (RelayPeer voice : far.all()) {
      weigh(voice, nowNs);
    }
    String floor = dominant.onTick(nowNs) ? dominant.current() : null;
    if (floor != null) {
      output.event(new RelayEvent.Dominant(id, floor));
    }
  }

  private void weigh(RelayPeer peer, long nowNs) {
    if (peer.loudestInTick <= Speaker.SOUND_LEVEL) {
      dominant.on(peer.info().contact(), peer.loudestInTick, nowNs);
    }
    peer.loudestInTick = AudioLevel.SILENCE;
  }

  private void tellTalking(RelayPeer peer, long nowNs) {
    boolean talking = peer.talking();
    sink.mark(peer.id(), new RtpSink.Mark.Talking(talking), nowNs);
    output.event(new RelayEvent.Talking(id, peer.id(), talking));
  }
}
