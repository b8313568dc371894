package parley.signalling.wire;

/**
 * A device of a participant.
 *
 * @param useragent what the device calls itself; empty when it does not say
 */
public record CallDevice(boolean muted, String useragent) {}
