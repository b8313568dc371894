package parley.relay.call;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.AudioCodec;

/** The receiving slots of one peer, and who has which. */
public final class Slots {

  private Slot[] slots = {};
  private RelayPeer[] wanted = {};
  private boolean mixed;

  /** One slot a section, in order; those that were there before go on, unless in another codec. */
  void negotiate(List<SdpSection> sections, RandomGenerator random) {
    Slot[] next = new Slot[sections.size()];
    for (int i = 0; i < next.length; i++) {
      if (i < slots.length && slots[i].codec() == sections.get(i).codec()) {
        next[i] = slots[i];
        next[i].negotiate(sections.get(i));
      } else {
        next[i] = new Slot(nonZero(random), sections.get(i), random);
      }
    }
    slots = next;
    wanted = new RelayPeer[next.length];
  }

  private static int nonZero(RandomGenerator random) {
    int ssrc = random.nextInt();
    return ssrc == 0 ? 1 : ssrc;
  }

  public int size() {
    return slots.length;
  }

  public Slot at(int index) {
    return slots[index];
  }

  /** The slot that forwards this peer now. */
  @Nullable Slot forwarding(RelayPeer source) {
    for (Slot slot : slots) {
      if (slot.source() == source && slot.active()) {
        return slot;
      }
    }
    return null;
  }

  /** The slot whose stream has this SSRC. */
  @Nullable Slot withSsrc(int ssrc) {
    for (Slot slot : slots) {
      if (slot.ssrc() == ssrc) {
        return slot;
      }
    }
    return null;
  }

  /**
   * Gives the slots to the first of the ranking: who has one keeps it; a newcomer gets an empty
   * one, else the one that has been idle longest.
   *
   * @param owner whose slots these are: nobody of his contact is heard in them
   * @param loudest how many the call forwards at the same time
   */
  void assign(SpeakerSelector ranking, RelayPeer owner, int loudest, long nowNs) {
    if (mixed || telephone()) {
      return;
    }
    int count = choose(ranking, owner, Math.min(loudest, slots.length));
    for (Slot slot : slots) {
      if (slot.active() && !isWanted(slot.source(), count)) {
        slot.release(nowNs);
      }
    }
    int placed = 0;
    for (int i = 0; i < count; i++) {
      Slot kept = keptFor(wanted[i]);
      if (kept == null) {
        wanted[placed++] = wanted[i];
      } else if (!kept.active()) {
        kept.take(wanted[i]);
      }
    }
    for (int i = 0; i < placed; i++) {
      free().take(wanted[i]);
    }
  }

  /**
   * The one slot carries a mix from now on: nobody is forwarded.
   *
   * @param seamless whether it goes on with the very sound that was forwarded last
   */
  void mix(boolean seamless) {
    mixed = true;
    slots[0].takeMix(seamless);
  }

  /**
   * The mix is over; who is forwarded is to be assigned.
   *
   * @param heard who was heard in it last; null: nobody
   */
  void unmix(@Nullable RelayPeer heard) {
    mixed = false;
    if (heard != null) {
      slots[0].takeBack(heard);
    }
  }

  /** Whether its owner does not understand what others send: all it can hear is a mix. */
  boolean telephone() {
    return slots.length > 0 && slots[0].codec() != AudioCodec.OPUS;
  }

  boolean mixed() {
    return mixed;
  }

  /** A peer has left: no slot remembers it. */
  void forget(RelayPeer source) {
    Slot slot = keptFor(source);
    if (slot != null) {
      slot.forget();
    }
  }

  private int choose(SpeakerSelector ranking, RelayPeer owner, int limit) {
    int count = 0;
    for (int i = 0; i < ranking.size() && count < limit; i++) {
      RelayPeer candidate = ranking.at(i).peer;
      if (!candidate.sameContact(owner)) {
        wanted[count++] = candidate;
      }
    }
    return count;
  }

  private boolean isWanted(@Nullable RelayPeer source, int count) {
    for (int i = 0; i < count; i++) {
      if (wanted[i] == source) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Slot keptFor(RelayPeer source) {
    for (Slot slot : slots) {
      if (slot.source() == source) {
        return slot;
      }
    }
    return null;
  }

  /** Where a notice disturbs least; there must be a slot. */
  Slot forNotice() {
    for (Slot slot : slots) {
      if (!slot.active() && !mixed) {
        return slot;
      }
    }
    return slots[0];
  }

  /** There is one whenever it is asked for: fewer are wanted than there are slots. */
  private Slot free() {
    Slot best = null;
    for (Slot slot : slots) {
      if (slot.active()) {
        continue;
      }
      if (slot.source() == null) {
        return slot;
      }
      if (best == null || slot.releasedNs() < best.releasedNs()) {
        best = slot;
      }
    }
    if (best == null) {
      throw new IllegalStateException("more speakers than slots");
    }
    return best;
  }
}
