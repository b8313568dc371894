package parley.load.impair;

import java.net.InetSocketAddress;

/**
 * A packet as it came to the proxy, before its fate. RTP's header and header extensions are not
 * encrypted (RFC 3711 §3.1), so sequence numbers and audio levels can be read from it.
 *
 * @param atMs Unix time in ms, with a fraction
 * @param client the client's address
 * @param data the datagram; not to be changed
 * @param lost whether the proxy lets it die
 */
public record SeenPacket(
    double atMs, Direction direction, InetSocketAddress client, byte[] data, boolean lost) {}
