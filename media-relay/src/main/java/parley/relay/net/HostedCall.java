package parley.relay.net;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.Drop;
import parley.relay.LegOutcome;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.Fault;
import parley.relay.api.IceCandidate;
import parley.relay.api.PeerId;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.api.TrunkLine;
import parley.relay.call.CallOutput;
import parley.relay.call.LocalMedia;
import parley.relay.call.RelayCall;
import parley.relay.call.RelayPeer;
import parley.relay.call.RtpSink;
import parley.relay.call.SdpAnswer;
import parley.relay.call.SdpException;
import parley.relay.call.SdpOffer;
import parley.relay.dtls.Fingerprint;
import parley.relay.ice.IceCredentials;
import parley.relay.mix.Announcement;
import parley.relay.mix.MixedFrame;
import parley.relay.mix.MixerInput;
import parley.relay.recording.RecordingTap;
import parley.relay.srtp.PacketBuffer;
import parley.relay.stun.StunMessage;
import parley.relay.trunk.TrunkFrame;

/**
 * One call on its media loop: the {@link RelayCall}, a {@link Seat} for every device in it, and the
 * recording. Owned by its media loop.
 *
 * <pre>
 * from other relays: onTrunk
 * from signalling:  onReach, onLink, onUnlink, onOffer, onTrickle, onMute, onRule, onMask, onNote, onLeave, onSetRecording, onReport, close
 * from the network: onCheck, onDtls, onRtp, onRtcp
 * from the loop:    onWake, onMixed, onTick
 * from the call:    acquire, sendRtp, sendRtcp, event, openMixer, closeMixer
 * </pre>
 */
final class HostedCall implements CallOutput {

  private static final Logger log = LoggerFactory.getLogger(HostedCall.class);

  /** Legs are given up after many seconds: ten looks a second are enough. */
  private static final long LEGS_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final CallId id;
  private CallInfo info;
  private final LoopParts parts;
  private final RelayCall call;
  private final Map<PeerId, Seat> seats = new LinkedHashMap<>();
  private final List<Leg> changed = new ArrayList<>();
  private final CallWatch watch;
  private final CallTrunks trunks;
  private @Nullable RecordingTap tap;
  private @Nullable MixSession mix;

  /** A recording has begun, and nobody was told yet. */
  private boolean announce;

  private long nextLegsNs;

  private boolean hushed; // the recording broke off: nobody is told of one any more

  HostedCall(CallId id, CallInfo info, LoopParts parts, long nowNs) {
    this.nextLegsNs = nowNs;
    this.id = id;
    this.info = info;
    this.parts = parts;
    this.watch = new CallWatch(id, parts);
    this.trunks = new CallTrunks(id, this, parts);
    this.call =
        new RelayCall(id, info, parts.relay().config().loudest(), this, parts.relay().random());
  }

  CallId id() {
    return id;
  }

  void onOffer(RelayCommand.Offer command, long nowNs) {
    SdpOffer offer;
    Fingerprint fingerprint;
    try {
      offer = SdpOffer.parse(command.sdp());
      fingerprint = fingerprint(offer);
    } catch (SdpException e) {
      String sentence = String.valueOf(e.getMessage());
      log.info("call {} peer {} refused: {}", id.shortForm(), command.peer(), sentence);
      onLeave(command.peer(), sentence, nowNs); // an earlier offer of it does not count any more
      parts.meter().offer(false);
      watch.refused(command, sentence, nowNs);
      parts.relay().events().accept(new RelayEvent.Refused(id, command.peer(), sentence));
      return;
    }
    Seat seat = seat(command, offer, nowNs);
    Leg leg = leg(seat, offer, fingerprint, nowNs);
    leg.told().addAll(command.sdp());
    parts.meter().offer(true);
    answer(seat, leg, offer);
  }

  /** Who checks is the client: its candidates only tell what its address is called. */
  void onTrickle(PeerId peer, String candidate) {
    Seat seat = seats.get(peer);
    Leg newest = seat == null ? null : seat.successor == null ? seat.serving : seat.successor;
    if (newest != null) {
      newest.told().add(candidate);
    }
  }

  void onMute(PeerId peer, boolean muted, long nowNs) {
    if (seats.containsKey(peer)) {
      call.mute(peer, muted, nowNs);
    }
  }

  void onLeave(PeerId peer, String reason, long nowNs) {
    Seat seat = seats.get(peer);
    if (seat != null) {
      vacate(seat, reason, nowNs);
    }
  }

  /** Holds for the recording that runs as well, which tells of it. */
  void onRule(RecordingPolicy policy, long nowNs) {
    boolean told = info.policy().notice();
    info = info.with(policy);
    call.note(
        RecordingNote.about("policy", "", policy.title() + ", " + policy.mode().word()), nowNs);
    announce |= tap != null && policy.notice() && !told;
  }

  void onMask(RelayCommand.Mask command, long nowNs) {
    call.mask(command.contact(), command.on(), command.why(), nowNs);
  }

  void onNote(RecordingNote note, long nowNs) {
    call.note(note, nowNs);
  }

  void onSetRecording(boolean on, long nowNs) {
    if (on && (tap == null || tap.failed())) {
      if (tap != null) {
        tap.close(nowNs); // its ledger says what was not recorded up to here
      }
      tap = parts.relay().recorder().open(id, info, nowNs);
      call.sink(tap, nowNs);
      announce = info.policy().notice();
      hushed = false;
    } else if (!on && tap != null) {
      announce = false;
      call.announce(null, nowNs);
      call.sink(RtpSink.NONE, nowNs);
      tap.close(nowNs);
      tap = null;
    }
  }

  void onCheck(Leg leg, StunMessage request, UdpPort port, InetSocketAddress remote, long nowNs) {
    leg.onCheck(request, port, remote, nowNs);
    settle(leg, nowNs);
  }

  void onDtls(Leg leg, PacketBuffer packet, long nowNs) {
    leg.onDtls(packet, nowNs);
  }

  void onRtp(Leg leg, UdpPort port, InetSocketAddress remote, PacketBuffer packet, long nowNs) {
    if (leg.unprotectRtp(port, remote, packet, nowNs)) {
      call.onRtp(leg.seat().peer, packet, nowNs);
    }
  }

  void onRtcp(Leg leg, InetSocketAddress remote, PacketBuffer packet, long nowNs) {
    if (leg.unprotectRtcp(remote, packet, nowNs)) {
      call.onRtcp(leg.seat().peer, packet, nowNs);
    }
  }

  void onWake(Leg leg, long nowNs) {
    leg.onWake(nowNs);
    settle(leg, nowNs);
  }

  /** Sends on what the call's mixer has made. */
  void onMixed(long nowNs) {
    MixSession session = mix;
    MixedFrame frame;
    while (session != null && (frame = session.poll()) != null) {
      call.onMixed(frame, nowNs);
      session.taken();
    }
  }

  void onTick(long nowNs) {
    if (tap != null && tap.failed()) {
      hush(nowNs);
    } else if (announce) {
      announce(nowNs);
    }
    call.onTick(nowNs);
    if (mix != null && mix.failed()) {
      call.onMixerLost(nowNs);
    }
    if (nowNs - nextLegsNs >= 0) {
      nextLegsNs = nowNs + LEGS_INTERVAL_NS;
      tickLegs(nowNs);
    }
    watch.onTick(seats.values(), nowNs);
  }

  private void tickLegs(long nowNs) {
    for (Seat seat : seats.values()) {
      tick(seat.serving, nowNs);
      tick(seat.successor, nowNs);
    }
    for (Leg leg : changed) {
      settle(leg, nowNs);
    }
    changed.clear();
  }

  /** Whether nobody but its mixer waits for its packets: no listener, no client, no recording. */
  boolean isOnlyMixed() {
    if (tap != null || !call.isOnlyMixed()) {
      return false;
    }
    for (Seat seat : seats.values()) {
      boolean settled = seat.serving != null && seat.serving.state() == Leg.State.CONNECTED;
      if (!settled || seat.successor != null) {
        return false;
      }
    }
    return true;
  }

  private void hush(long nowNs) {
    if (!hushed) {
      hushed = true;
      announce = false;
      call.announce(null, nowNs);
    }
  }

  /** As soon as there is something to announce with. */
  private void announce(long nowNs) {
    NoticeSound sound = parts.relay().notice();
    if (sound.isReady()) {
      announce = false;
      Announcement announcement = sound.get();
      if (announcement == null) {
        call.note(
            RecordingNote.about("notice_impossible", "", "there is no Opus library here"), nowNs);
      } else {
        call.announce(announcement, nowNs);
      }
    }
  }

  void onReach() {
    parts.relay().events().accept(new RelayEvent.Reachable(id, parts.ports().addresses()));
  }

  void onLink(TrunkLine line) {
    trunks.link(line);
    call.linked(!trunks.isEmpty());
  }

  void onUnlink(String far) {
    trunks.unlink(far);
    call.linked(!trunks.isEmpty());
  }

  void onTrunk(CallTrunks.Line line, PacketBuffer packet, long nowNs) {
    TrunkFrame frame = trunks.open(line, packet);
    if (frame != null && !call.onFar(frame, nowNs)) {
      parts.meter().drop(Drop.TRUNK_UNHEARD);
    }
  }

  void onReport(long nowNs) {
    watch.report(seats.values(), nowNs);
  }

  /** Lets everyone go and closes the recording. */
  void close(String reason, long nowNs) {
    for (Seat seat : List.copyOf(seats.values())) {
      vacate(seat, reason, nowNs);
    }
    trunks.close();
    onSetRecording(false, nowNs);
  }

  /**
   * Frees what the call holds outside itself, without asking the call, which may be broken.
   *
   * @param why for the log
   */
  void abandon(String why, long nowNs) {
    for (Seat seat : seats.values()) {
      abandon(seat.serving, why, nowNs);
      abandon(seat.successor, why, nowNs);
    }
    parts.meter().peers(-seats.size());
    seats.clear();
    trunks.close();
    closeMixer();
    if (tap != null) {
      tap.close(nowNs);
      tap = null;
    }
  }

  @Override
  public PacketBuffer acquire() {
    return parts.packets().acquire();
  }

  @Override
  public void sendRtp(RelayPeer to, PacketBuffer packet) {
    Leg leg = serving(to);
    if (leg != null) {
      leg.sendRtp(packet);
    }
    parts.packets().release(packet);
  }

  @Override
  public void sendRtcp(RelayPeer to, PacketBuffer packet) {
    Leg leg = serving(to);
    if (leg != null) {
      leg.sendRtcp(packet);
    }
    parts.packets().release(packet);
  }

  @Override
  public void sendFar(PacketBuffer frame) {
    if (frame.length > 0) {
      trunks.send(frame);
    }
    parts.packets().release(frame);
  }

  @Override
  public void event(RelayEvent event) {
    parts.relay().events().accept(event);
  }

  @Override
  public @Nullable MixerInput openMixer() {
    closeMixer();
    mix = parts.relay().mixers().open(id, parts.meter(), parts.mixed());
    return mix;
  }

  @Override
  public void closeMixer() {
    if (mix != null) {
      mix.close();
      mix = null;
    }
  }

  private static Fingerprint fingerprint(SdpOffer offer) throws SdpException {
    Fingerprint fingerprint = Fingerprint.tryParse(offer.fingerprint());
    if (fingerprint == null) {
      throw new SdpException(
          "The offer's certificate fingerprint is malformed or too weak: sha-256, sha-384 or"
              + " sha-512 is needed.");
    }
    return fingerprint;
  }

  private Seat seat(RelayCommand.Offer command, SdpOffer offer, long nowNs) {
    RelayPeer peer = call.offer(command.peer(), command.info(), offer, command.muted(), nowNs);
    Seat seat = seats.get(command.peer());
    if (seat == null) {
      seat = new Seat(command.peer(), peer);
      seats.put(command.peer(), seat);
      parts.meter().peers(1);
    }
    seat.peer = peer;
    peer.place(seat);
    return seat;
  }

  /** The leg that serves this offer: a restarted one, or a new one that takes over. */
  private Leg leg(Seat seat, SdpOffer offer, Fingerprint fingerprint, long nowNs) {
    IceCredentials remote = new IceCredentials(offer.iceUfrag(), offer.icePwd());
    Leg serving = seat.serving;
    boolean connected = serving != null && serving.state() == Leg.State.CONNECTED;
    if (serving != null && connected && serving.expected().equals(fingerprint)) {
      serving.restart(remote, nowNs);
      drop(seat.successor, nowNs);
      seat.successor = null;
      return serving;
    }
    Leg leg = new Leg(this, seat, remote, fingerprint, parts, nowNs);
    if (connected) {
      drop(seat.successor, nowNs);
      seat.successor = leg;
    } else {
      drop(serving, nowNs);
      seat.serving = leg;
    }
    return leg;
  }

  private void answer(Seat seat, Leg leg, SdpOffer offer) {
    List<IceCandidate> candidates = parts.ports().candidates(offer.mediaIndex());
    IceCredentials local = leg.localCredentials();
    String sdp =
        SdpAnswer.write(
            offer,
            seat.peer,
            new LocalMedia(local.ufrag(), local.pwd(), parts.relay().fingerprint(), candidates));
    parts.relay().events().accept(new RelayEvent.Answered(id, seat.id, sdp, candidates));
  }

  private void tick(@Nullable Leg leg, long nowNs) {
    if (leg != null) {
      leg.onTick(nowNs);
      changed.add(leg);
    }
  }

  /** Follows up on what the last input did to a leg. */
  private void settle(Leg leg, long nowNs) {
    switch (leg.pollEvent()) {
      case null -> {}
      case Leg.Event.Connected connected -> onConnected(leg, connected.fingerprint(), nowNs);
      case Leg.Event.Lost lost -> onLost(leg, lost, nowNs);
    }
  }

  private void onConnected(Leg leg, String fingerprint, long nowNs) {
    Seat seat = leg.seat();
    if (leg == seat.successor) {
      drop(seat.serving, nowNs);
      seat.serving = leg;
      seat.successor = null;
    }
    call.connected(seat.id, nowNs);
    parts
        .relay()
        .events()
        .accept(new RelayEvent.Connected(id, seat.id, fingerprint, leg.meter().setUp()));
  }

  /** One of two legs lost: the other carries on. */
  private void onLost(Leg leg, Leg.Event.Lost lost, long nowNs) {
    close(leg, lost.outcome(), lost.fault(), lost.reason(), nowNs);
    Seat seat = leg.seat();
    if (leg == seat.successor) {
      seat.successor = null;
    } else if (seat.successor != null) {
      seat.serving = seat.successor;
      seat.successor = null;
    } else {
      vacate(seat, lost.reason(), nowNs);
      parts.relay().events().accept(new RelayEvent.Gone(id, seat.id, lost.reason()));
    }
  }

  private void vacate(Seat seat, String reason, long nowNs) {
    boolean connected = seat.serving != null && seat.serving.state() == Leg.State.CONNECTED;
    call.leave(seat.id, reason, nowNs);
    seats.remove(seat.id);
    seat.peer.place(null);
    parts.meter().peers(-1);
    closeLegs(seat, connected ? LegOutcome.COMPLETED : LegOutcome.ABANDONED, reason, nowNs);
  }

  private void closeLegs(Seat seat, LegOutcome outcome, String why, long nowNs) {
    if (seat.serving != null) {
      close(seat.serving, outcome, null, why, nowNs);
    }
    if (seat.successor != null) {
      close(seat.successor, LegOutcome.ABANDONED, null, why, nowNs);
    }
  }

  private void abandon(@Nullable Leg leg, String why, long nowNs) {
    if (leg != null) {
      parts.meter().trouble(leg.meter().watch().fault(), Fault.NONE);
      leg.close(LegOutcome.FAILED, why, nowNs);
    }
  }

  private void drop(@Nullable Leg leg, long nowNs) {
    if (leg != null) {
      close(leg, LegOutcome.REPLACED, null, "a newer offer takes its place", nowNs);
    }
  }

  private void close(Leg leg, LegOutcome outcome, @Nullable Fault fault, String why, long nowNs) {
    watch.ended(leg, outcome, fault, why, nowNs);
    leg.close(outcome, why, nowNs);
  }

  private @Nullable Leg serving(RelayPeer peer) {
    if (peer.place() instanceof Seat seat && seat.serving != null) {
      return seat.serving;
    }
    parts.meter().drop(Drop.NO_PATH);
    return null;
  }
}
