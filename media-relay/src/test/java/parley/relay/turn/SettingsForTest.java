package parley.relay.turn;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings with everything usual but what a test is about. */
record SettingsForTest(
    List<RelayAddress> addresses,
    PortRange ports,
    Map<String, String> users,
    List<String> secrets,
    List<AddressBlock> allowed,
    List<AddressBlock> denied,
    int perUser,
    int total,
    long bytesPerUser,
    long bytes,
    boolean mobility) {

  static SettingsForTest usual() {
    return new SettingsForTest(
        List.of(
            new RelayAddress(TurnStage.NODE, TurnStage.NODE),
            new RelayAddress(TurnStage.NODE_IPV6, TurnStage.NODE_IPV6)),
        new PortRange(50_000, 50_999),
        Map.of("alice", "wonderland", "bob", "builder"),
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        0,
        0,
        true);
  }

  SettingsForTest addresses(RelayAddress... others) {
    return new SettingsForTest(
        List.of(others),
        ports,
        users,
        secrets,
        allowed,
        denied,
        perUser,
        total,
        bytesPerUser,
        bytes,
        mobility);
  }

  SettingsForTest ports(int first, int last) {
    return new SettingsForTest(
        addresses,
        new PortRange(first, last),
        users,
        secrets,
        allowed,
        denied,
        perUser,
        total,
        bytesPerUser,
        bytes,
        mobility);
  }

  SettingsForTest secrets(String... others) {
    return new SettingsForTest(
        addresses,
        ports,
        users,
        List.of(others),
        allowed,
        denied,
        perUser,
        total,
        bytesPerUser,
        bytes,
        mobility);
  }

  SettingsForTest policy(List<String> allow, List<String> deny) {
    return new SettingsForTest(
        addresses,
        ports,
        users,
        secrets,
        allow.stream().map(AddressBlock::parse).toList(),
        deny.stream().map(AddressBlock::parse).toList(),
        perUser,
        total,
        bytesPerUser,
        bytes,
        mobility);
  }

  SettingsForTest allocations(int user, int all) {
    return new SettingsForTest(
        addresses,
        ports,
        users,
        secrets,
        allowed,
        denied,
        user,
        all,
        bytesPerUser,
        bytes,
        mobility);
  }

  SettingsForTest bandwidth(long user, long all) {
    return new SettingsForTest(
        addresses, ports, users, secrets, allowed, denied, perUser, total, user, all, mobility);
  }

  SettingsForTest withoutMobility() {
    return new SettingsForTest(
        addresses,
        ports,
        users,
        secrets,
        allowed,
        denied,
        perUser,
        total,
        bytesPerUser,
        bytes,
        false);
  }

  TurnSettings build() {
    Set<InetAddress> own =
        addresses.stream().map(RelayAddress::shown).collect(Collectors.toUnmodifiableSet());
    return new TurnSettings(
        addresses,
        ports,
        new TurnCredentials(TurnStage.REALM, users, secrets),
        new PeerPolicy(own, allowed, denied),
        perUser,
        total,
        bytesPerUser,
        bytes,
        mobility);
  }
}
