package parley.relay.ice;

/** A datagram to send from {@code pair.local()} to {@code pair.remote()}. */
public record Transmit(byte[] data, CandidatePair pair) {}
