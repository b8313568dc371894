package parley.relay.net;

import java.util.function.Consumer;
import parley.relay.LoopMeter;
import parley.relay.srtp.CipherMemory;

/**
 * What the calls and legs of one media loop share; the loop's own thread only, but for {@code wake}
 * and {@code mixed}.
 *
 * @param wake asks, from any thread, for {@link Leg#onWake} on the loop
 * @param mixed tells, from any thread, that calls have frames from their mixers
 */
record LoopParts(
    RelayParts relay,
    LoopPorts ports,
    LegTable legs,
    TrunkTable trunks,
    PacketPool packets,
    CipherMemory cipherMemory,
    LoopMeter meter,
    Consumer<Leg> wake,
    Runnable mixed) {}
