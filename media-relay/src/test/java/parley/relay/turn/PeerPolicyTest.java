package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A TURN server is no way into the network it stands in: every range, in every spelling. */
class PeerPolicyTest {

  private static final List<String> PRIVATE =
      List.of(
          "0.0.0.0",
          "0.1.2.3",
          "10.0.0.1",
          "10.255.255.255",
          "100.64.0.1",
          "100.100.100.200",
          "100.127.255.255",
          "127.0.0.1",
          "127.255.255.254",
          "168.63.129.16",
          "169.254.0.1",
          "169.254.169.254",
          "169.254.170.2",
          "172.16.0.1",
          "172.31.255.255",
          "192.0.0.1",
          "192.0.0.192",
          "192.0.2.1",
          "192.88.99.1",
          "192.168.0.1",
          "192.168.255.255",
          "198.18.0.1",
          "198.19.255.255",
          "198.51.100.1",
          "203.0.113.1",
          "224.0.0.1",
          "239.255.255.255",
          "240.0.0.1",
          "255.255.255.255");

  private static final List<String> PUBLIC =
      List.of(
          "1.1.1.1",
          "9.255.255.255",
          "11.0.0.0",
          "93.184.216.34",
          "100.63.255.255",
          "100.128.0.0",
          "126.255.255.255",
          "128.0.0.0",
          "169.253.255.255",
          "169.255.0.0",
          "172.15.255.255",
          "172.32.0.0",
          "192.167.255.255",
          "192.169.0.0",
          "198.17.255.255",
          "198.20.0.0",
          "223.255.255.255");

  private final PeerPolicy policy = new PeerPolicy(Set.of(), List.of(), List.of());

  private static byte[] v4(String literal) {
    return TurnStage.ip(literal).getAddress();
  }

  /** Sixteen bytes as they come in an attribute; the JDK would turn some into IPv4. */
  private static IpAddress raw(byte[] bytes) {
    return bytes.length == 4
        ? IpAddress.v4(Bytes.uint32(bytes, 0))
        : new IpAddress(true, Bytes.int64(bytes, 0), Bytes.int64(bytes, 8));
  }

  private static byte[] hex(String prefix, byte[] ip, String suffix) {
    return HexFormat.of().parseHex(prefix + HexFormat.of().formatHex(ip) + suffix);
  }

  private static byte[] turned(byte[] ip) {
    byte[] other = new byte[4];
    for (int i = 0; i < 4; i++) {
      other[i] = (byte) ~ip[i];
    }
    return other;
  }

  /** How an IPv6 address can lead to an IPv4 one. */
  private static List<byte[]> disguises(byte[] ip) {
    List<byte[]> all = new ArrayList<>();
    all.add(hex("0064ff9b0000000000000000", ip, "")); // NAT64
    all.add(hex("0000000000000000ffff0000", ip, "")); // IPv4-translated
    all.add(hex("260628000220000100005efe", ip, "")); // ISATAP
    all.add(hex("260628000220000102005efe", ip, ""));
    return all;
  }

  /** The same through tunnels, where also what is public inside is refused. */
  private static List<byte[]> tunnels(byte[] ip) {
    String inside = HexFormat.of().formatHex(turned(ip));
    return List.of(
        hex("2002", ip, "00000000000000000001"), // 6to4
        hex("2002", ip, "ffff0000000000000000"),
        hex("20010000", v4("1.1.1.1"), "0000ffff" + inside), // Teredo
        hex("20010000", ip, "0000ffff" + HexFormat.of().formatHex(turned(v4("1.1.1.1")))));
  }

  @Test
  void refusesTunnelsWhateverIsInside() {
    for (List<String> addresses : List.of(PRIVATE, PUBLIC)) {
      for (String address : addresses) {
        for (byte[] tunnel : tunnels(v4(address))) {
          assertThat(policy.verdict(raw(tunnel)))
              .as(HexFormat.of().formatHex(tunnel))
              .isEqualTo(PeerVerdict.REFUSED);
        }
      }
    }
  }

  @Test
  void refusesEverySpecialRangeOfIpv4() {
    for (String address : PRIVATE) {
      assertThat(policy.verdict(raw(v4(address)))).as(address).isEqualTo(PeerVerdict.REFUSED);
    }
  }

  @Test
  void refusesThemInEveryDisguise() {
    for (String address : PRIVATE) {
      for (byte[] disguise : disguises(v4(address))) {
        assertThat(policy.verdict(raw(disguise)))
            .as(address + " as " + HexFormat.of().formatHex(disguise))
            .isEqualTo(PeerVerdict.REFUSED);
      }
    }
  }

  @Test
  void refusesIpv4MappedAndCompatibleWhateverIsInside() {
    for (List<String> addresses : List.of(PRIVATE, PUBLIC)) {
      for (String address : addresses) {
        byte[] mapped = hex("00000000000000000000ffff", v4(address), "");
        byte[] compatible = hex("000000000000000000000000", v4(address), "");
        assertThat(policy.verdict(raw(mapped))).as(address).isEqualTo(PeerVerdict.REFUSED);
        assertThat(policy.verdict(raw(compatible))).as(address).isEqualTo(PeerVerdict.REFUSED);
      }
    }
  }

  @Test
  void allowsWhatIsPublicAlsoBehindGateways() {
    for (String address : PUBLIC) {
      assertThat(policy.verdict(raw(v4(address)))).as(address).isEqualTo(PeerVerdict.ALLOWED);
      for (byte[] disguise : disguises(v4(address))) {
        assertThat(policy.verdict(raw(disguise)))
            .as(HexFormat.of().formatHex(disguise))
            .isEqualTo(PeerVerdict.ALLOWED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::", "::1", "64:ff9b:1::a00:1", "100::1", "2001:2::1", "2001:10::1", "2001:20::1",
        "2001:db8::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fdff:ffff::1", "fe80::1",
        "febf::1", "fec0::1", "ff02::1", "ffff::1"
      })
  void refusesEverySpecialRangeOfIpv6(String address) {
    assertThat(policy.verdict(IpAddress.of(TurnStage.ip(address)))).isEqualTo(PeerVerdict.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2606:2800:220:1::1", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"})
  void allowsPublicIpv6(String address) {
    assertThat(policy.verdict(IpAddress.of(TurnStage.ip(address)))).isEqualTo(PeerVerdict.ALLOWED);
  }

  @Test
  void anAllowListOpensARange() {
    var open = new PeerPolicy(Set.of(), List.of(AddressBlock.parse("10.1.0.0/16")), List.of());
    assertThat(open.verdict(raw(v4("10.1.2.3")))).isEqualTo(PeerVerdict.ALLOWED);
    assertThat(open.verdict(raw(v4("10.2.2.3")))).isEqualTo(PeerVerdict.REFUSED);
  }

  @Test
  void aDenyListGoesBeforeTheAllowList() {
    var policy =
        new PeerPolicy(
            Set.of(),
            List.of(AddressBlock.parse("10.0.0.0/8")),
            List.of(AddressBlock.parse("10.1.0.0/16"), AddressBlock.parse("93.184.216.34")));
    assertThat(policy.verdict(raw(v4("10.1.2.3")))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.verdict(raw(v4("10.2.2.3")))).isEqualTo(PeerVerdict.ALLOWED);
    assertThat(policy.verdict(raw(v4("93.184.216.34")))).isEqualTo(PeerVerdict.REFUSED);
    for (byte[] disguise : disguises(v4("93.184.216.34"))) {
      assertThat(policy.verdict(raw(disguise))).isEqualTo(PeerVerdict.REFUSED);
    }
  }

  @Test
  void theNodeItselfIsReachedByItsOwnSpellingOnly() {
    var own = new PeerPolicy(Set.of(TurnStage.ip("10.0.0.5")), List.of(), List.of());
    assertThat(own.verdict(raw(v4("10.0.0.5")))).isEqualTo(PeerVerdict.OWN_NODE);
    for (byte[] disguise : disguises(v4("10.0.0.5"))) {
      assertThat(own.verdict(raw(disguise))).isEqualTo(PeerVerdict.REFUSED);
    }
  }

  @Test
  void theServerRefusesThemWithForbidden() {
    var stage = new TurnStage();
    TestClient client = stage.client();
    client.ask(TestMessage.allocate().alsoIpv6());
    for (String address : PRIVATE) {
      // The node's own address is among the documentation's; what it serves is told by port.
      TestMessage plain = TestMessage.createPermission().peer(v4(address), 80);
      assertThat(client.ask(plain).error()).as(address).isEqualTo(403);
      for (byte[] disguise : disguises(v4(address))) {
        TestMessage hidden = TestMessage.createPermission().peer(disguise, 80);
        assertThat(client.ask(hidden).error()).isEqualTo(403);
        TestMessage channel = TestMessage.channelBind().channel(0x4001).peer(disguise, 80);
        assertThat(client.ask(channel).error()).isEqualTo(403);
      }
      for (byte[] tunnel : tunnels(v4(address))) {
        assertThat(client.ask(TestMessage.createPermission().peer(tunnel, 80)).error())
            .isEqualTo(403);
      }
      byte[] mapped = hex("00000000000000000000ffff", v4(address), "");
      assertThat(client.ask(TestMessage.createPermission().peer(mapped, 80)).error())
          .isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "host/8", "::/129", "10.0.0.0/x"})
  void saysWhatIsNoRange(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressBlock.parse(text))
        .withMessageContaining("right would be");
  }

  @Test
  void rangesEndWhereTheyEnd() {
    AddressBlock whole = AddressBlock.parse("0.0.0.0/0");
    assertThat(whole.contains(false, 0, 0xFFFF_FFFFL)).isTrue();
    assertThat(whole.contains(true, 0, 0)).isFalse();
    AddressBlock narrow = AddressBlock.parse("2001:db8::ff00/120");
    assertThat(narrow.contains(true, 0x20010db800000000L, 0xFFFF)).isTrue();
    assertThat(narrow.contains(true, 0x20010db800000000L, 0x1_0000)).isFalse();
    AddressBlock wide = AddressBlock.parse("2001:db8::/32");
    assertThat(wide.contains(true, 0x20010db8FFFFFFFFL, -1)).isTrue();
    assertThat(wide.contains(true, 0x20010db900000000L, 0)).isFalse();
    assertThat(AddressBlock.parse("::/0").contains(true, -1, -1)).isTrue();
  }
}
