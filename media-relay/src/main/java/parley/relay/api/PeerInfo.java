package parley.relay.api;

/**
 * Who is behind a peer.
 *
 * @param contact jid of the contact
 * @param displayName full name
 * @param useragent what the device calls itself; empty when it does not say
 */
public record PeerInfo(String contact, String displayName, String useragent) {}
