package parley.relay.api;

import java.util.List;
import java.util.Map;

/**
 * The settings of the TURN server, validated where they were read.
 *
 * @param addresses local addresses to listen and relay on, literal IPv4 or IPv6; empty: every
 *     address of every interface that is up, as in {@link RelayConfig}
 * @param loopback whether to listen on 127.0.0.1 (and ::1) as well
 * @param advertise addresses to show instead of those bound, for a node behind a one-to-one NAT; at
 *     most one of each family; empty: those bound
 * @param port of UDP and TCP
 * @param tlsPort of TLS; 0: none
 * @param certificate PEM file with the chain, the server's own first; empty: no TLS
 * @param key PEM file with the certificate's key (PKCS#8)
 * @param firstRelayPort first UDP port for relayed addresses
 * @param lastRelayPort last one
 * @param realm part of every password's key
 * @param users static users and their passwords
 * @param secrets each makes good time-limited credentials
 * @param allowPeers ranges of peers to allow although they are refused by default
 * @param denyPeers ranges of peers to refuse although they are public
 * @param allocationsPerUser 0: no limit
 * @param allocations in all; 0: as many as there are ports
 * @param kbitPerSecondPerUser both directions together; 0: no limit
 * @param kbitPerSecond in all, both directions together; 0: no limit
 * @param mobility whether an allocation may follow its client to another address (RFC 8016)
 * @param connections how many TCP and TLS connections may be open
 * @param proxies ranges of addresses whose connections begin with a PROXY protocol v2 header
 */
public record TurnConfig(
    List<String> addresses,
    boolean loopback,
    List<String> advertise,
    int port,
    int tlsPort,
    String certificate,
    String key,
    int firstRelayPort,
    int lastRelayPort,
    String realm,
    Map<String, String> users,
    List<String> secrets,
    List<String> allowPeers,
    List<String> denyPeers,
    int allocationsPerUser,
    int allocations,
    long kbitPerSecondPerUser,
    long kbitPerSecond,
    boolean mobility,
    int connections,
    List<String> proxies) {

  public TurnConfig {
    addresses = List.copyOf(addresses);
    advertise = List.copyOf(advertise);
    users = Map.copyOf(users);
    secrets = List.copyOf(secrets);
    allowPeers = List.copyOf(allowPeers);
    denyPeers = List.copyOf(denyPeers);
    proxies = List.copyOf(proxies);
  }

  /** Tells no passwords. */
  @Override
  public String toString() {
    return "TurnConfig[" + addresses + ", port " + port + ", " + users.size() + " users]";
  }
}
