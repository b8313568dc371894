package parley.load.bench.server;

import parley.load.bench.media.Leg;

/**
 * One participant.
 *
 * @param talks whether he will
 * @param uplink where his voice goes
 * @param downlink where he hears the others: the same leg, or one of its own
 */
public record Seat(int room, boolean talks, Leg uplink, Leg downlink) {}
