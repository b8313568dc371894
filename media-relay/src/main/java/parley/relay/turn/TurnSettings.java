package parley.relay.turn;

import java.util.List;

/**
 * What a TURN server may be told, validated where it was read.
 *
 * @param addresses at most one a family; clients that ask for another family get error 440
 * @param ports for relayed addresses
 * @param allocationsPerUser 0: no limit
 * @param allocations in all; 0: as many as there are ports
 * @param bytesPerSecondPerUser both directions together; 0: no limit
 * @param bytesPerSecond in all, both directions together; 0: no limit
 * @param mobility whether an allocation may move to another address of its client (RFC 8016)
 */
public record TurnSettings(
    List<RelayAddress> addresses,
    PortRange ports,
    TurnCredentials credentials,
    PeerPolicy policy,
    int allocationsPerUser,
    int allocations,
    long bytesPerSecondPerUser,
    long bytesPerSecond,
    boolean mobility) {

  /**
   * @throws IllegalArgumentException with a sentence
   */
  public TurnSettings {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()
        || addresses.stream().map(RelayAddress::family).distinct().count() != addresses.size()) {
      throw new IllegalArgumentException(
          "relayed ports need one address, or one IPv4 and one IPv6 address");
    }
  }
}
