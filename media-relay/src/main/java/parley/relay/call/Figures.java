package parley.relay.call;

import parley.relay.api.LegFigures;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.StreamStats;

/** A peer's counts as figures. Taking them begins their next second. */
public final class Figures {

  private static final double NS_A_MS = 1e6;

  /** Clients report every five seconds at the most. */
  private static final double FRESH_MS = 15_000;

  private Figures() {}

  /** What comes from the peer. */
  public static LegFigures.Up up(RelayPeer peer) {
    Uplink uplink = peer.uplink();
    StreamStats stats = uplink.stats();
    double ticksAMs = stats.clockHz() / 1000.0;
    int loudest = uplink.takeLoudest();
    long refused = 0;
    for (Drop reason : Drop.values()) {
      boolean harmless =
          reason == Drop.MUTED || reason == Drop.PAYLOAD_TYPE || reason == Drop.NO_MICROPHONE;
      refused += harmless ? 0 : uplink.dropped(reason);
    }
    return new LegFigures.Up(
        uplink.sends(),
        peer.muted(),
        peer.talking(),
        loudest > AudioLevel.SILENCE ? LegFigures.NO_LEVEL : -loudest,
        uplink.packets(),
        stats.expected(),
        stats.lost(),
        stats.late(),
        uplink.repaired(),
        uplink.forwarded(),
        uplink.dropped(Drop.PAYLOAD_TYPE),
        refused,
        stats.hasLeastTransit() ? stats.takeLeastTransit() / ticksAMs : Double.NaN,
        stats.jitter() / ticksAMs);
  }

  /** What goes to the peer. */
  public static LegFigures.Down down(RelayPeer peer, long nowNs) {
    Slots slots = peer.slots();
    long packets = 0;
    long acknowledgements = 0;
    long lost = 0;
    double ageMs = LegFigures.UNKNOWN;
    double lossPercent = 0;
    double jitterMs = 0;
    double roundTripMs = LegFigures.UNKNOWN;
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.at(i);
      packets += slot.packets();
      acknowledgements += slot.acknowledgements();
      if (!slot.reported()) {
        continue;
      }
      double slotAgeMs = (nowNs - slot.reportedNs()) / NS_A_MS;
      boolean newest = ageMs < 0 || slotAgeMs < ageMs;
      ageMs = newest ? slotAgeMs : ageMs;
      lost += slot.remoteCumulativeLost();
      if (slotAgeMs > FRESH_MS) {
        continue; // nobody is in that slot any more
      }
      lossPercent = Math.max(lossPercent, slot.remoteFractionLost() * 100 / 256.0);
      jitterMs = Math.max(jitterMs, slot.remoteJitter() * 1000.0 / slot.codec().clockHz);
      if (slot.remoteRttNs() >= 0 && (newest || roundTripMs < 0)) {
        roundTripMs = slot.remoteRttNs() / NS_A_MS;
      }
    }
    return new LegFigures.Down(
        slots.size(), packets, acknowledgements, lost, ageMs, lossPercent, jitterMs, roundTripMs);
  }
}
