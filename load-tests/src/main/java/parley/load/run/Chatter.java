package parley.load.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.load.bench.measure.LatencyHistogram;
import parley.load.bench.media.Conversation;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Stamp;
import parley.load.bench.media.Swarm;
import parley.load.scenario.TalkPlan;

/**
 * All the talk in all calls, and what is heard of it. Every client has a millisecond of its own
 * within the twenty of a packet.
 *
 * <pre>
 * any thread:         enter, leave, take
 * the swarm's thread: onTime, onPacket
 * </pre>
 */
final class Chatter implements Conversation {

  private static final int FRAME_MS = 20;
  private static final long TICK_NS = 1_000_000L;

  /** After a longer standstill what was not sent is left out, as a real microphone's would be. */
  private static final int MOST_TICKS_BEHIND = 500;

  /** 20 ms of digital silence, as encoders write it. */
  private static final int OPUS_SILENCE = 0xF8FFFE;

  private final Swarm swarm;
  private final TalkPlan plan;
  private final int voices;
  private final SplittableRandom dice;
  private final List<List<Talker>> wheel = new ArrayList<>();
  private final Map<Integer, Set<Talker>> calls = new HashMap<>();
  private final List<Spurt> spurts = new ArrayList<>();
  private @Nullable Talker[] talkers = {};
  private int[] callOf = {};
  private int lastSpurt;
  private int spread;
  private long tick;

  private long sent;
  private long expected;
  private long lost;
  private LatencyHistogram latency = new LatencyHistogram();
  private List<Double> mos = new ArrayList<>();
  private long changed;
  private long misplaced;
  private long refusedBefore;
  private long unheard;
  private long lateNs;

  /**
   * @param voices that a server forwards at least
   */
  Chatter(Swarm swarm, TalkPlan plan, int voices, long seed) {
    this.swarm = swarm;
    this.plan = plan;
    this.voices = voices;
    this.dice = new SplittableRandom(seed);
    for (int i = 0; i < FRAME_MS; i++) {
      wheel.add(new ArrayList<>());
    }
    this.tick = System.nanoTime() / TICK_NS;
  }

  /**
   * Somebody's media is connected.
   *
   * @param call whose voices he may hear, and who may hear his
   * @param talks whether he ever does
   */
  void enter(Leg leg, int call, boolean talks) {
    Talker talker = new Talker(leg, call, talks);
    swarm.execute(() -> add(talker));
  }

  /** Nothing of him counts any more. */
  void leave(Leg leg) {
    swarm.execute(() -> remove(leg.index()));
  }

  /** What came since this was last asked for. */
  CompletableFuture<Heard> take() {
    CompletableFuture<Heard> heard = new CompletableFuture<>();
    swarm.execute(() -> heard.complete(takeNow()));
    return heard;
  }

  private void add(Talker talker) {
    int index = talker.leg.index();
    if (index >= talkers.length) {
      int size = Math.max(64, 2 * index);
      talkers = Arrays.copyOf(talkers, size);
      callOf = Arrays.copyOf(callOf, size);
    }
    talkers[index] = talker;
    callOf[index] = talker.call;
    calls.computeIfAbsent(talker.call, any -> new HashSet<>()).add(talker);
    wheel.get(spread++ % FRAME_MS).add(talker);
    talker.changesNs = System.nanoTime() + exponentialNs(plan.offS());
  }

  private void remove(int index) {
    Talker talker = index < talkers.length ? talkers[index] : null;
    if (talker == null) {
      return;
    }
    talkers[index] = null;
    end(talker, System.nanoTime());
    talker.streams.forEach(this::count);
    spurts.forEach(spurt -> spurt.waiting.remove(talker));
    wheel.forEach(slot -> slot.remove(talker));
    Set<Talker> others = calls.get(talker.call);
    if (others != null) {
      others.remove(talker);
      if (others.isEmpty()) {
        calls.remove(talker.call);
      }
    }
  }

  @Override
  public boolean onTime(long nowNs) {
    long now = nowNs / TICK_NS;
    if (now - tick > MOST_TICKS_BEHIND) {
      tick = now - MOST_TICKS_BEHIND;
    }
    boolean any = false;
    for (; tick <= now; tick++) {
      List<Talker> slot = wheel.get((int) (tick % FRAME_MS));
      if (!slot.isEmpty()) {
        lateNs = Math.max(lateNs, nowNs - (tick + 1) * TICK_NS);
        slot.forEach(talker -> speak(talker, nowNs));
        any = true;
      }
    }
    spurts.removeIf(spurt -> judged(spurt, nowNs));
    return any;
  }

  private boolean judged(Spurt spurt, long nowNs) {
    if (!spurt.isOver(nowNs)) {
      return false;
    }
    unheard += spurt.unheard();
    return true;
  }

  private void speak(Talker talker, long nowNs) {
    if (talker.talks && nowNs >= talker.changesNs) {
      if (talker.spurt == null) {
        begin(talker, nowNs);
      } else {
        end(talker, nowNs);
      }
    }
    Spurt spurt = talker.spurt;
    if (spurt != null || plan.silenceIsSent()) {
      talker.leg.speak(spurt == null ? 0 : spurt.id, tick * TICK_NS, spurt != null);
      sent++;
    }
  }

  private void begin(Talker talker, long nowNs) {
    Set<Talker> others = new HashSet<>(calls.getOrDefault(talker.call, Set.of()));
    others.remove(talker);
    Spurt spurt = new Spurt(++lastSpurt, others, nowNs);
    spurts.add(spurt);
    talker.spurt = spurt;
    talker.changesNs = nowNs + exponentialNs(plan.onS());
    List<Spurt> together = new ArrayList<>(List.of(spurt));
    for (Talker other : others) {
      if (other.spurt != null) {
        together.add(other.spurt);
      }
    }
    if (together.size() > voices) {
      together.forEach(each -> each.contested = true);
    }
  }

  private void end(Talker talker, long nowNs) {
    if (talker.spurt != null) {
      talker.spurt.end(nowNs);
      talker.spurt = null;
      talker.changesNs = nowNs + exponentialNs(plan.offS());
    }
  }

  private long exponentialNs(double meanS) {
    return (long) (-Math.log(1 - dice.nextDouble()) * meanS * 1e9);
  }

  @Override
  public void onPacket(Leg listener, byte[] data, int at, int length, long heardNs) {
    Talker ear = listener.index() < talkers.length ? talkers[listener.index()] : null;
    if (ear == null) {
      return; // not in yet, or gone
    }
    int ssrc = number(data, 8, 4);
    int sequence = number(data, 2, 2);
    if (isSilence(data, at, length)) {
      Reception stream = ear.stream(ssrc);
      if (stream != null) {
        stream.onNumber(sequence);
      }
      return;
    }
    if (!Stamp.isIntact(data, at, length)) {
      changed++;
      return;
    }
    int speaker = Stamp.speaker(data, at);
    if (speaker == listener.index()
        || speaker < 0
        || speaker >= callOf.length
        || callOf[speaker] != ear.call) {
      misplaced++;
      return;
    }
    Reception stream = ear.stream(ssrc);
    if (stream == null) {
      misplaced++;
      return;
    }
    long transitNs = heardNs - Stamp.sentNs(data, at);
    stream.onPacket(sequence, transitNs);
    latency.record(transitNs);
    int spurt = Stamp.turn(data, at);
    if (spurt != stream.spurt) {
      stream.spurt = spurt;
      spurts.stream().filter(each -> each.id == spurt).forEach(each -> each.waiting.remove(ear));
    }
  }

  /** What a server puts behind a voice that ends, so that nobody's player makes something up. */
  private static boolean isSilence(byte[] data, int at, int length) {
    return length == 3 && number(data, at, 3) == OPUS_SILENCE;
  }

  /** Big-endian, as in RTP's header. */
  private static int number(byte[] data, int at, int bytes) {
    int number = 0;
    for (int i = at; i < at + bytes; i++) {
      number = (number << 8) | (data[i] & 0xff);
    }
    return number;
  }

  private void count(Reception stream) {
    Reception.Stretch stretch = stream.take();
    expected += stretch.expected();
    lost += stretch.lost();
    if (stretch.mos() != null) {
      mos.add(stretch.mos());
    }
  }

  private Heard takeNow() {
    for (Talker talker : talkers) {
      if (talker != null) {
        talker.streams.forEach(this::count);
      }
    }
    long refused = swarm.refused();
    Heard heard =
        new Heard(
            sent,
            expected,
            lost,
            latency,
            mos,
            changed,
            misplaced,
            refused - refusedBefore,
            unheard,
            lateNs);
    refusedBefore = refused;
    sent = 0;
    expected = 0;
    lost = 0;
    latency = new LatencyHistogram();
    mos = new ArrayList<>();
    changed = 0;
    misplaced = 0;
    unheard = 0;
    lateNs = 0;
    return heard;
  }
}
