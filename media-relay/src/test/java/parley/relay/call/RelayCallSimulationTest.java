package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.call.SimulatedListener.check;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.RelayEvent;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

/**
 * Whole calls in virtual time: people talk, pause, mute, leave, join and reconnect at random over a
 * bad network, and every packet that comes out is looked at. Run one seed by {@code
 * -Dparley.simulation.seed=N}.
 */
class RelayCallSimulationTest {

  /** The relay's own frames, at the end of a voice that was cut off; speakers send larger ones. */
  private static final int SILENCE_BYTES = 3;

  private static final int SEEDS = 100;

  @Test
  void callsStaySoundWhateverHappens() {
    Long only = Long.getLong("parley.simulation.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? SEEDS : only;
    long forwarded = 0;
    for (long seed = first; seed <= last; seed++) {
      try {
        Simulation simulation = new Simulation(seed);
        simulation.run();
        forwarded += simulation.forwarded;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("simulation failed; seed " + seed, e);
      }
    }
    assertThat(forwarded).as("packets heard in all").isGreaterThan(1000L * (last - first));
  }

  private static final class Simulation implements CallOutput {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long FRAME_NS = 20_000_000L;
    private static final long WILD_NS = 12 * SECOND_NS;

    private final Random random;
    private final SimulatedNetwork network;
    private final RelayCall call;
    private final int slots;
    private final int loudest;
    private final PacketBuffer incoming = new PacketBuffer();
    private final PacketBuffer outgoing = new PacketBuffer();
    private final RtpPacket view = new RtpPacket();
    private final RtcpReader rtcp = new RtcpReader();
    private final List<SimulatedSpeaker> speakers = new ArrayList<>();
    private final Map<Integer, SimulatedSpeaker> byHash = new HashMap<>();
    private final Map<Integer, SimulatedListener> listeners = new HashMap<>();
    private final Map<PeerId, Boolean> talking = new HashMap<>();
    private String floor = "";
    private final Map<PeerId, Set<SimulatedSpeaker>> heard = new HashMap<>();
    private int sends;
    private int forwarded;
    private boolean calm;

    Simulation(long seed) {
      random = new Random(seed);
      network = new SimulatedNetwork(random);
      slots = random.nextInt(1, 6);
      loudest = random.nextInt(1, 6);
      call =
          new RelayCall(
              new CallId("simulated"),
              new CallInfo("team", "g-1", "", Instant.EPOCH),
              loudest,
              this,
              new Random(seed + 1));
    }

    void run() {
      for (int i = random.nextInt(2, 9); i > 0; i--) {
        join();
      }
      tick();
      network.after(SECOND_NS, this::somethingHappens);
      network.run(WILD_NS);
      everybodyTalksAtAnotherLevel();
      everybodyFallsSilent();
    }

    private void join() {
      int number = speakers.size();
      // One in five is a second device of somebody who is there already.
      String contact =
          number > 0 && random.nextInt(5) == 0
              ? speakers.get(random.nextInt(number)).contact
              : Character.toString('a' + number % 26);
      var speaker = new SimulatedSpeaker("p" + number, contact, new Random(random.nextLong()));
      speakers.add(speaker);
      byHash.put(speaker.id.hashCode(), speaker);
      speaker.muted = random.nextInt(4) == 0;
      offer(speaker);
      network.after(random.nextLong(SECOND_NS), () -> connect(speaker));
    }

    private void offer(SimulatedSpeaker speaker) {
      speaker.offered(
          call.offer(
              speaker.id,
              Stage.info(speaker.contact),
              Offers.client(slots),
              speaker.muted,
              network.nowNs()));
    }

    private void connect(SimulatedSpeaker speaker) {
      call.connected(speaker.id, network.nowNs());
      speaker.sinceNs = network.nowNs();
      network.after(random.nextLong(FRAME_NS), () -> speak(speaker));
    }

    /** Sends 20 ms, and comes back for the next. */
    private void speak(SimulatedSpeaker speaker) {
      if (!speaker.inCall) {
        return;
      }
      if (!calm) {
        speaker.decide(network.nowNs());
      }
      byte[] packet = speaker.nextPacket();
      if (packet != null) {
        network.send(() -> arrive(speaker, packet));
      }
      network.after(FRAME_NS, () -> speak(speaker));
    }

    private void arrive(SimulatedSpeaker speaker, byte[] packet) {
      sends = 0;
      call.onRtp(speaker.peer(), incoming.set(packet, 0, packet.length), network.nowNs());
      forwarded += sends;
      check(sends == 0 || (!speaker.muted && speaker.inCall), "the muted and the gone are silent");
      check(incoming.length == packet.length, "the caller's packet is left alone");
    }

    private void tick() {
      call.onTick(network.nowNs());
      for (SimulatedSpeaker speaker : speakers) {
        checkTalking(speaker);
      }
      network.after(FRAME_NS, this::tick);
    }

    private void checkTalking(SimulatedSpeaker speaker) {
      boolean on = talking.getOrDefault(speaker.id, false);
      check(!on || (!speaker.muted && speaker.inCall), "the muted and the gone do not talk");
      long sinceNs = network.nowNs() - speaker.sinceNs;
      if (on && speaker.silent()) {
        // The hold, and what was still on its way.
        check(sinceNs < SECOND_NS, "who is silent ceases to talk");
      }
      if (!on
          && speaker.speaks()
          && speaker.inCall
          && speaker.peer().connected()
          && !speaker.muted
          && !network.blackedOutSince(speaker.sinceNs)) {
        check(sinceNs < SECOND_NS, "who speaks talks");
      }
    }

    private void somethingHappens() {
      if (calm) {
        return;
      }
      SimulatedSpeaker speaker = speakers.get(random.nextInt(speakers.size()));
      switch (random.nextInt(7)) {
        case 0, 1 -> mute(speaker, !speaker.muted);
        case 2 -> leave(speaker);
        case 3 -> reconnect(speaker);
        case 4 -> join();
        case 5 -> network.blackout(random.nextLong(2 * SECOND_NS));
        default -> call.sink(RtpSink.NONE, network.nowNs());
      }
      network.after(random.nextLong(SECOND_NS), this::somethingHappens);
    }

    private void mute(SimulatedSpeaker speaker, boolean muted) {
      if (speaker.inCall) {
        speaker.muted = muted;
        speaker.sinceNs = network.nowNs();
        call.mute(speaker.id, muted, network.nowNs());
      }
    }

    private void leave(SimulatedSpeaker speaker) {
      if (call.size() > 2 && speaker.inCall) {
        speaker.inCall = false;
        call.leave(speaker.id, "simulated", network.nowNs());
      }
    }

    private void reconnect(SimulatedSpeaker speaker) {
      if (!speaker.inCall || !speaker.peer().connected()) {
        return;
      }
      RelayPeer before = speaker.peer();
      if (random.nextBoolean()) {
        speaker.restart();
      }
      speaker.sinceNs = network.nowNs();
      offer(speaker);
      assertThat(speaker.peer()).as("another offer keeps the peer").isSameAs(before);
    }

    /** Long enough for everything to settle; then the loudest are heard and nobody else. */
    private void everybodyTalksAtAnotherLevel() {
      calm = true;
      List<SimulatedSpeaker> present = speakers.stream().filter(s -> s.inCall).toList();
      for (int i = 0; i < present.size(); i++) {
        // Seven levels more than the selector's margin apart fit above the threshold of speech.
        mute(present.get(i), i % 5 == 4 || i > 6);
        present.get(i).hold(3 + 7 * Math.min(i, 6), network.nowNs());
      }
      network.run(network.nowNs() + 5 * SECOND_NS);
      heard.clear();
      network.run(network.nowNs() + SECOND_NS);
      for (SimulatedSpeaker receiver : present) {
        assertThat(heard.getOrDefault(receiver.id, Set.of()))
            .as("what %s hears", receiver.id)
            .containsExactlyInAnyOrderElementsOf(loudestFor(receiver, present));
        boolean expected = !receiver.muted && receiver.speaks();
        assertThat(talking.getOrDefault(receiver.id, false)).isEqualTo(expected);
      }
    }

    private List<SimulatedSpeaker> loudestFor(
        SimulatedSpeaker receiver, List<SimulatedSpeaker> present) {
      return present.stream()
          .filter(speaker -> !speaker.muted && !speaker.contact.equals(receiver.contact))
          .sorted(Comparator.comparingInt(speaker -> speaker.level))
          .limit(Math.min(slots, loudest))
          .toList();
    }

    private void everybodyFallsSilent() {
      for (SimulatedSpeaker speaker : speakers) {
        speaker.hold(90, network.nowNs());
      }
      network.run(network.nowNs() + 2 * SECOND_NS);
      assertThat(talking).doesNotContainValue(true);
    }

    private SimulatedSpeaker speaker(int hash) {
      return Objects.requireNonNull(byHash.get(hash), "nobody of the call");
    }

    @Override
    public PacketBuffer acquire() {
      return outgoing;
    }

    @Override
    public void sendRtp(RelayPeer to, PacketBuffer packet) {
      sends++;
      check(view.wrap(packet), "what is sent is RTP");
      SimulatedSpeaker receiver = speaker(to.id().hashCode());
      if (view.payloadLength() == SILENCE_BYTES) {
        check(receiver.inCall && to.connected(), "nobody who is not there is sent silence");
        listen();
        return;
      }
      SimulatedSpeaker source =
          speaker(ByteBuffer.wrap(view.data()).getInt(view.payloadOffset() + 1));
      check(receiver.inCall && to.connected(), "nothing is sent to a peer that is not there");
      check(!source.contact.equals(receiver.contact), "nobody hears himself");
      check(!source.muted, "nobody hears the muted");
      check(view.csrc(0) == source.peer().csrc(), "packets name their speaker");
      listen();
      heard.computeIfAbsent(to.id(), id -> new HashSet<>()).add(source);
    }

    private void listen() {
      listeners
          .computeIfAbsent(view.ssrc(), ssrc -> new SimulatedListener())
          .hear(view, network.nowNs());
    }

    @Override
    public void sendRtcp(RelayPeer to, PacketBuffer packet) {
      assertThat(call.peer(to.id())).as("reported to a peer that has left").isSameAs(to);
      rtcp.wrap(packet);
      int length = 0;
      while (rtcp.next()) {
        length++;
      }
      assertThat(length).as("a report and who it is from").isGreaterThanOrEqualTo(2);
    }

    @Override
    public void event(RelayEvent event) {
      if (event instanceof RelayEvent.Talking(CallId id, PeerId peer, boolean on)) {
        assertThat(id.value()).isEqualTo("simulated");
        assertThat(talking.put(peer, on)).as("told on change only").isNotEqualTo(on);
      } else if (event instanceof RelayEvent.Dominant(CallId id, String contact)) {
        assertThat(id.value()).isEqualTo("simulated");
        assertThat(contact).as("told on change only").isNotEqualTo(floor);
        floor = contact;
      } else {
        throw new AssertionError("not this call's to tell: " + event);
      }
    }
  }
}
