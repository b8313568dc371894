package parley.signalling.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parley.relay.api.TurnConfig;
import parley.relay.turn.AddressBlock;
import parley.relay.turn.PeerPolicy;
import parley.relay.turn.PortRange;
import parley.signalling.settings.Setting;
import parley.signalling.settings.SettingsException;
import parley.stun.CoturnConfig;
import parley.stun.OwnTurn;

/** The settings of the TURN server. */
record TurnRole(
    @Setting("Whether run starts the TURN server as well; the command turn always does")
        boolean enabled,
    @Setting("Local addresses to listen and relay on; empty: those of every interface that is up")
        List<String> addresses,
    @Setting("Whether to listen on 127.0.0.1 as well") boolean loopback,
    @Setting(
            "Addresses to show instead, at most one IPv4 and one IPv6, for a node behind a"
                + " one-to-one NAT; or who tells it, as in media.advertise")
        List<String> advertise,
    @Setting(
            value =
                "Name that clients are told, as in the certificate; empty: the one by which they"
                    + " reach the pages",
            optional = true)
        String host,
    @Setting(value = "UDP and TCP port", min = 1, max = 65_535) int port,
    @Setting(value = "TLS port; 0: none", max = 65_535) int tlsPort,
    @Setting(value = "PEM file with the certificate chain; empty: no TLS", optional = true)
        String certificate,
    @Setting(value = "PEM file with its key (PKCS#8)", optional = true) String key,
    @Setting(value = "First UDP port for relaying", min = PortRange.FIRST, max = 65_535)
        int firstRelayPort,
    @Setting(value = "Last UDP port for relaying", min = PortRange.FIRST, max = 65_535)
        int lastRelayPort,
    @Setting("Realm of every password") String realm,
    @Setting("People with a password of their own: name and password") List<User> users,
    @Setting(
            value =
                "Shared secrets for time-limited credentials, as coturn's static-auth-secret; the"
                    + " first makes new ones",
            secret = true)
        List<String> secrets,
    @Setting(
            value = "How long credentials made for somebody are good for new allocations",
            min = 60,
            max = 31_536_000)
        int credentialsS,
    @Setting("Ranges to relay to although they are private, like 192.168.7.0/24")
        List<String> allowPeers,
    @Setting("Ranges not to relay to although they are public") List<String> denyPeers,
    @Setting("How many allocations one user may have; 0: no limit") int allocationsPerUser,
    @Setting("How many all may have together; 0: as many as there are ports") int allocations,
    @Setting("What one user may relay, both ways together; 0: no limit") int kbitPerSecondPerUser,
    @Setting("What all may relay together; 0: no limit") int kbitPerSecond,
    @Setting("Whether an allocation may follow its client to another address (RFC 8016)")
        boolean mobility,
    @Setting(value = "How many TCP and TLS connections may be open", min = 1) int connections,
    @Setting(
            "Whether the TLS port serves the pages and WebSockets as well: with it on 443, clients"
                + " in networks that let nothing else out get everything there")
        boolean pages,
    @Setting(
            "Proxies before the TCP and TLS ports that begin each connection with a PROXY protocol"
                + " v2 header, like 10.0.0.7")
        List<String> proxies) {

  record User(
      @Setting("Name, as it is sent") String name,
      @Setting(value = "Password", secret = true) String password) {
    @Override
    public String toString() {
      return "User[" + name + "]";
    }
  }

  /** The ports that RFC 6335 leaves to whoever needs some for a while. */
  static TurnRole defaults() {
    return new TurnRole(
        false, List.of(), false, List.of(), "", 3478, 5349, "", "", 49_152, 65_535, "parley",
        List.of(), List.of(), 86_400, List.of(), List.of(), 100, 0, 0, 0, true, 10_000, true,
        List.of());
  }

  boolean hasTls() {
    return !certificate.isEmpty() && tlsPort != 0;
  }

  /** What clients of this node are told of it, where it runs. */
  OwnTurn forClients() {
    int tls = certificate.isEmpty() ? 0 : tlsPort;
    return new OwnTurn(host, port, tls, secrets.isEmpty() ? "" : secrets.getFirst());
  }

  /** The same for coturn. */
  CoturnConfig coturn() throws SettingsException, InterruptedException {
    List<String> denied = new ArrayList<>(PeerPolicy.refusedByDefault());
    denied.addAll(ranges(denyPeers));
    return new CoturnConfig(
        port,
        tlsPort,
        certificate,
        key,
        addresses,
        AppConfig.resolve("turn.advertise", advertise),
        firstRelayPort,
        lastRelayPort,
        realm,
        users.stream().map(user -> user.name() + ":" + user.password()).toList(),
        secrets,
        allocationsPerUser,
        allocations,
        ranges(allowPeers),
        denied,
        mobility);
  }

  private static List<String> ranges(List<String> blocks) {
    return blocks.stream().map(block -> AddressBlock.parse(block).range()).toList();
  }

  /**
   * @throws SettingsException when nobody could use the server, or settings do not fit together
   */
  TurnConfig config() throws SettingsException, InterruptedException {
    if (users.isEmpty() && secrets.isEmpty()) {
      throw new SettingsException(
          "turn.secrets",
          "is empty, and turn.users as well: nobody could use the TURN server. Right would be a"
              + " secret of 32 random letters, from which clients' credentials are made");
    }
    if (firstRelayPort > lastRelayPort) {
      throw new SettingsException(
          "turn.first_relay_port",
          firstRelayPort + " is above turn.last_relay_port " + lastRelayPort);
    }
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new SettingsException(
          "turn.certificate", "and turn.key belong together; right would be both or neither");
    }
    Map<String, String> passwords = new HashMap<>();
    users.forEach(user -> passwords.put(user.name(), user.password()));
    return new TurnConfig(
        addresses,
        loopback,
        AppConfig.resolve("turn.advertise", advertise),
        port,
        tlsPort,
        certificate,
        key,
        firstRelayPort,
        lastRelayPort,
        realm,
        passwords,
        secrets,
        allowPeers,
        denyPeers,
        allocationsPerUser,
        allocations,
        kbitPerSecondPerUser,
        kbitPerSecond,
        mobility,
        connections,
        proxies);
  }

  @Override
  public String toString() {
    return "TurnRole[" + port + ", " + users.size() + " users]";
  }
}
