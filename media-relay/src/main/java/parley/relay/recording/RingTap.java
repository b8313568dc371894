package parley.relay.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.api.RecordingNote;

/**
 * Both ends of one call's way into its recording. Packets go through a {@link PacketRing}; the rare
 * rest through a queue, each entry stamped with how many packets went before, so that order is
 * kept.
 *
 * <p>The tap's own methods belong to the call's media loop, {@link #poll} to the recorder's thread.
 */
final class RingTap implements RecordingTap {

  /** 256 KiB hold three seconds of ten people talking at once: a disk may stall for so long. */
  static final int SMALLEST_RING = 1 << 18;

  /** Three seconds of one peer at 100 bytes a packet, 50 packets a second. */
  private static final int BYTES_PER_PEER = 1 << 15;

  /** 8 MiB: a thousand people never talk all at once for long. */
  private static final int LARGEST_RING = 1 << 23;

  /** Marks come at the pace of people; so many in the queue mean that the disk is gone. */
  private static final int MAX_INPUTS = 1 << 16;

  /** A lost report is made up for by the next: no flood of them may keep joins and mutes out. */
  private static final int MAX_INPUTS_FOR_REPORTS = MAX_INPUTS / 4;

  /** A ring, and the larger one that came after it. */
  private static final class Segment {
    final PacketRing ring;
    volatile @Nullable Segment next;

    Segment(int capacity) {
      ring = new PacketRing(capacity);
    }
  }

  private static final class Uplink {
    final int index;
    int dropped;

    Uplink(int index) {
      this.index = index;
    }
  }

  private final RecorderMeter meter;

  // The media loop's.
  private final Map<PeerId, Uplink> uplinks = new HashMap<>();
  private final List<Uplink> all = new ArrayList<>();
  private Segment writing = new Segment(SMALLEST_RING);
  private long produced;
  private boolean closed;

  // Crossing over.
  private final Queue<TapInput> inputs = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger inputsLost = new AtomicInteger();
  private volatile boolean deaf;
  private volatile boolean dead;

  // The recorder's.
  private Segment reading = writing;
  private long consumed;

  RingTap(RecorderMeter meter) {
    this.meter = meter;
  }

  @Override
  public void rtp(
      PeerId peer,
      int sequence,
      int timestamp,
      byte[] payload,
      int offset,
      int length,
      long nowNs) {
    Uplink uplink = uplinks.get(peer);
    if (closed || deaf || uplink == null) {
      return;
    }
    boolean taken =
        length <= PacketRing.MAX_PAYLOAD
            && writing.ring.offer(
                uplink.index, sequence, timestamp, uplink.dropped, payload, offset, length, nowNs);
    if (taken) {
      produced++;
      uplink.dropped = 0;
    } else {
      uplink.dropped++;
      meter.dropped();
    }
  }

  @Override
  public void senderReport(PeerId peer, long ntp, int timestamp, long nowNs) {
    Uplink uplink = uplinks.get(peer);
    if (uplink != null && pending.get() < MAX_INPUTS_FOR_REPORTS) {
      add(new TapInput.Report(produced, uplink.index, ntp, timestamp, nowNs));
    }
  }

  @Override
  public void mark(PeerId peer, Mark mark, long nowNs) {
    if (closed || dead) {
      return;
    }
    Uplink uplink = uplinks.get(peer);
    if (mark instanceof Mark.Joined && uplink == null) {
      uplink = join(peer);
    }
    if (uplink == null) {
      return;
    }
    add(new TapInput.Marked(produced, uplink.index, peer, mark, nowNs));
    if (mark instanceof Mark.Left) {
      uplinks.remove(peer); // whoever comes back under this name gets another track
    }
  }

  @Override
  public void note(RecordingNote note, long nowNs) {
    add(new TapInput.Noted(produced, note, nowNs));
  }

  @Override
  public void close(long nowNs) {
    if (closed) {
      return;
    }
    int[] unheard = all.stream().mapToInt(u -> u.dropped).toArray();
    inputs.add(new TapInput.Closed(produced, unheard, nowNs));
    closed = true;
  }

  @Override
  public boolean failed() {
    return deaf;
  }

  private Uplink join(PeerId peer) {
    Uplink uplink = new Uplink(all.size());
    all.add(uplink);
    uplinks.put(peer, uplink);
    int wanted = Math.min(LARGEST_RING, uplinks.size() * BYTES_PER_PEER);
    if (wanted > writing.ring.capacity()) {
      Segment larger = new Segment(2 * writing.ring.capacity());
      writing.next = larger; // after the last packet that went into the smaller one
      writing = larger;
    }
    return uplink;
  }

  private void add(TapInput input) {
    if (closed || dead) {
      return;
    }
    if (pending.incrementAndGet() > MAX_INPUTS) {
      pending.decrementAndGet();
      inputsLost.incrementAndGet();
      return;
    }
    inputs.add(input);
  }

  /**
   * The next thing that happened, in order. The recorder's thread only.
   *
   * @param into filled when the answer is {@link Next#PACKET}
   */
  Next poll(PacketRing.Packet into) {
    boolean packet = packetWaits(); // looked up first: what went before it is then visible, too
    TapInput input = inputs.peek();
    if (input != null && input.after() <= consumed) {
      return Next.INPUT;
    }
    if (!packet) {
      return Next.NOTHING;
    }
    reading.ring.poll(into);
    consumed++;
    return Next.PACKET;
  }

  private boolean packetWaits() {
    while (reading.ring.isEmpty()) {
      Segment next = reading.next;
      if (next == null) {
        return false;
      }
      if (reading.ring.isEmpty()) { // nothing goes into it once there is a next
        reading = next;
      }
    }
    return true;
  }

  /** Takes what {@link Next#INPUT} announced. The recorder's thread only. */
  TapInput takeInput() {
    TapInput input = inputs.remove();
    if (!(input instanceof TapInput.Closed)) {
      pending.decrementAndGet();
    }
    return input;
  }

  enum Next {
    NOTHING,
    PACKET,
    INPUT
  }

  /** Joins, mutes and the like that were lost because nobody took them out. */
  int inputsLost() {
    return inputsLost.get();
  }

  /** From now on no packets are taken: the recording has failed, its ledger goes on. Any thread. */
  void deafen() {
    deaf = true;
  }

  /** From now on nothing is taken. Any thread. */
  void kill() {
    deaf = true;
    dead = true;
  }
}
