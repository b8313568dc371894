package parley.relay.api;

/**
 * A candidate of the relay, as the protocol's answer carries it.
 *
 * @param candidate {@code candidate:…} without the leading {@code a=} (RFC 8839 §5.1)
 * @param mlineIndex which media section it belongs to, from 0
 */
public record IceCandidate(String candidate, int mlineIndex) {}
