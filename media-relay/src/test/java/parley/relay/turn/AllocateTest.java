package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static parley.relay.turn.TestMessage.allocate;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 8656 §7.2. */
class AllocateTest {

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void givesARelayedAddressAndSaysHowTheClientIsSeen() {
    TestAnswer answer = client.ask(allocate());
    assertThat(answer.type()).isEqualTo(0x0103);
    assertThat(answer.relayed().getAddress()).isEqualTo(TurnStage.NODE);
    assertThat(answer.relayed().getPort()).isBetween(50_000, 50_999);
    assertThat(answer.addresses(0x0020)).containsExactly(client.address);
    assertThat(answer.lifetime()).isEqualTo(600);
    assertThat(answer.isSealedWith(client.key())).isTrue();
    assertThat(stage.open).containsOnlyKeys(answer.relayed());
  }

  @Test
  void takesPortsThatNobodyCanForesee() {
    Set<Integer> steps = new HashSet<>();
    int before = 0;
    for (int i = 0; i < 20; i++) {
      int port = stage.client("203.0.113.5", 41_000 + i).allocate().getPort();
      steps.add(port - before);
      before = port;
    }
    assertThat(steps).hasSizeGreaterThan(15);
  }

  @Test
  void lastsAsLongAsAskedUpToAnHourAndNeverLessThanTenMinutes() {
    assertThat(client.ask(allocate().lifetime(1)).lifetime()).isEqualTo(600);
    assertThat(stage.client("203.0.113.6", 1).ask(allocate().lifetime(1800)).lifetime())
        .isEqualTo(1800);
    assertThat(stage.client("203.0.113.7", 1).ask(allocate().lifetime(86_400)).lifetime())
        .isEqualTo(3600);
    assertThat(stage.client("203.0.113.8", 1).ask(allocate().lifetime(-1)).lifetime())
        .isEqualTo(3600);
  }

  @Test
  void endsWhenItsTimeIsOver() {
    client.allocate();
    stage.pass(Duration.ofSeconds(599));
    assertThat(stage.open).hasSize(1);
    stage.pass(Duration.ofSeconds(1));
    assertThat(stage.open).isEmpty();
    assertThat(stage.meter.allocations()).isZero();
    assertThat(client.ask(TestMessage.refresh(600)).error()).isEqualTo(437);
  }

  @Test
  void refusesASecondOneOnTheSameFiveTuple() {
    client.allocate();
    assertThat(client.ask(allocate()).error()).isEqualTo(437);
    assertThat(stage.open).hasSize(1);
  }

  @Test
  void answersARetransmissionAsTheFirstTime() {
    TestMessage request = client.signed(allocate().evenPort(true).ticket(new byte[0]));
    TestAnswer first = client.plain(request);
    assertThat(first.has(0x0022)).isTrue();
    TestAnswer second = client.plain(request);
    assertThat(second.bytes()).isEqualTo(first.bytes());
    assertThat(stage.meter.allocationsMade()).isEqualTo(1);
  }

  @Test
  void allowsOneOnEveryFiveTuple() {
    InetSocketAddress one = client.allocate();
    InetSocketAddress other = stage.client("203.0.113.5", 40_001).allocate();
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void refusesWithoutRequestedTransport() {
    assertThat(client.ask(TestMessage.allocateWithoutTransport()).error()).isEqualTo(400);
  }

  @Test
  void refusesAMalformedRequestedTransport() {
    TestMessage request = TestMessage.allocateWithoutTransport().with(0x0019, 17);
    assertThat(client.ask(request).error()).isEqualTo(400);
  }

  @Test
  void refusesToRelayTcp() {
    TestMessage request = TestMessage.allocateWithoutTransport().with(0x0019, 6, 0, 0, 0);
    assertThat(client.ask(request).error()).isEqualTo(442);
  }

  @Test
  void acceptsDontFragmentWhereTheSystemCan() {
    assertThat(client.ask(allocate().dontFragment()).error()).isZero();
  }

  @Test
  void treatsDontFragmentAsUnknownWhereTheSystemCannot() {
    stage.canForbidFragments = false;
    TestAnswer answer = client.ask(allocate().dontFragment());
    assertThat(answer.error()).isEqualTo(420);
    assertThat(answer.value(0x000A)).containsExactly(0x00, 0x1A);
  }

  @Test
  void namesWhatItDoesNotUnderstand() {
    TestAnswer answer = client.ask(allocate().with(0x0033, 1, 2).with(0x8033, 1));
    assertThat(answer.error()).isEqualTo(420);
    assertThat(answer.value(0x000A)).containsExactly(0x00, 0x33);
    assertThat(answer.isSealedWith(client.key())).isTrue();
  }

  @Test
  void givesAnEvenPortWhenAsked() {
    for (int i = 0; i < 20; i++) {
      TestAnswer answer = stage.client("203.0.113.5", 41_000 + i).ask(allocate().evenPort(false));
      assertThat(answer.relayed().getPort()).isEven();
      assertThat(answer.has(0x0022)).isFalse();
    }
  }

  @Test
  void holdsTheNextPortForWhoShowsTheToken() {
    TestAnswer first = client.ask(allocate().evenPort(true));
    assertThat(first.relayed().getPort()).isEven();
    byte[] token = first.value(0x0022);
    TestAnswer second = stage.client("203.0.113.5", 40_001).ask(allocate().with(0x0022, token));
    assertThat(second.error()).isZero();
    assertThat(second.relayed().getPort()).isEqualTo(first.relayed().getPort() + 1);
    // A token is good once.
    TestAnswer third = stage.client("203.0.113.5", 40_002).ask(allocate().with(0x0022, token));
    assertThat(third.error()).isEqualTo(508);
  }

  @Test
  void holdsAPortForThirtySecondsOnly() {
    byte[] token = client.ask(allocate().evenPort(true)).value(0x0022);
    stage.pass(Duration.ofSeconds(29));
    assertThat(stage.open).hasSize(2);
    stage.pass(Duration.ofSeconds(1));
    assertThat(stage.open).hasSize(1);
    TestAnswer late = stage.client("203.0.113.5", 40_001).ask(allocate().with(0x0022, token));
    assertThat(late.error()).isEqualTo(508);
  }

  @Test
  void refusesATokenWithAnEvenPortOrAFamily() {
    byte[] token = new byte[8];
    assertThat(client.ask(allocate().with(0x0022, token).evenPort(false)).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x0022, token).family(1)).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x0022, token).alsoIpv6()).error()).isEqualTo(400);
  }

  @Test
  void refusesAttributesOfTheWrongLength() {
    assertThat(client.ask(allocate().with(0x0022, 1, 2)).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x0018, new byte[0])).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x0017, 1)).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x8000, 2)).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x000D, 1)).error()).isEqualTo(400);
    assertThat(stage.open).isEmpty();
  }

  @Test
  void refusesClientsInTunnels() {
    for (String tunnel : List.of("2001:0:102:304::1", "2002:102:304::1")) {
      TestClient client = stage.client(tunnel, 40_000);
      assertThat(client.ask(TestMessage.allocate()).error()).as(tunnel).isEqualTo(403);
    }
    assertThat(stage.open).isEmpty();
    TestClient native6 = stage.client("2001:4860::1", 40_000);
    assertThat(native6.ask(TestMessage.allocate()).error()).isZero();
  }

  @Test
  void givesEveryAllocationAnAddressOfItsOwn() {
    Set<InetSocketAddress> relayed = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      assertThat(relayed.add(stage.client("203.0.113.5", 40_000 + i).allocate())).isTrue();
    }
  }

  @Test
  void relaysOnNoWellKnownPort() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PortRange(1023, 2000))
        .withMessageContaining("right would be");
    assertThat(new PortRange(1024, 2000).size()).isEqualTo(977);
  }

  @Test
  void givesTheFamilyThatIsAskedFor() {
    TestAnswer answer = client.ask(allocate().family(2));
    assertThat(answer.relayed().getAddress()).isEqualTo(TurnStage.NODE_IPV6);
    assertThat(stage.client("203.0.113.6", 1).ask(allocate().family(1)).relayed().getAddress())
        .isEqualTo(TurnStage.NODE);
  }

  @Test
  void refusesAFamilyItDoesNotHave() {
    assertThat(client.ask(allocate().family(3)).error()).isEqualTo(440);
    var ipv4Only =
        new TurnStage(
            settings -> settings.addresses(new RelayAddress(TurnStage.NODE, TurnStage.NODE)));
    assertThat(ipv4Only.client().ask(allocate().family(2)).error()).isEqualTo(440);
    var ipv6Only =
        new TurnStage(s -> s.addresses(new RelayAddress(TurnStage.NODE_IPV6, TurnStage.NODE_IPV6)));
    assertThat(ipv6Only.client().ask(allocate()).error()).isEqualTo(440);
  }

  @Test
  void givesBothFamiliesToWhoAsksForIpv6Too() {
    TestAnswer answer = client.ask(allocate().alsoIpv6());
    assertThat(answer.addresses(0x0016))
        .extracting(InetSocketAddress::getAddress)
        .containsExactly(TurnStage.NODE, TurnStage.NODE_IPV6);
    assertThat(answer.has(0x8001)).isFalse();
  }

  @Test
  void saysWhyOneOfTwoFamiliesIsMissing() {
    var ipv4Only =
        new TurnStage(
            settings -> settings.addresses(new RelayAddress(TurnStage.NODE, TurnStage.NODE)));
    TestAnswer answer = ipv4Only.client().ask(allocate().alsoIpv6());
    assertThat(answer.error()).isZero();
    assertThat(answer.addresses(0x0016)).hasSize(1);
    byte[] why = answer.value(0x8001);
    assertThat(why[0]).isEqualTo((byte) 2);
    assertThat(why[2] * 100 + why[3]).isEqualTo(440);
    // The attribute is that of RFC 8656 §18.12: family, reserved, class, number, reason.
    assertThat(why[1]).isZero();
    assertThat(new String(why, 4, why.length - 4, StandardCharsets.UTF_8))
        .isEqualTo("Address Family not Supported");
  }

  @Test
  void refusesContradictionsAboutFamilies() {
    assertThat(client.ask(allocate().family(1).alsoIpv6()).error()).isEqualTo(400);
    assertThat(client.ask(allocate().with(0x8000, 1, 0, 0, 0)).error()).isEqualTo(400);
    assertThat(client.ask(allocate().alsoIpv6().evenPort(true)).error()).isEqualTo(400);
  }

  @Test
  void passesOverPortsThatOthersHave() {
    var small = new TurnStage(settings -> settings.ports(50_000, 50_003));
    small.portsOfOthers.addAll(Set.of(50_000, 50_001, 50_003));
    assertThat(small.client().allocate().getPort()).isEqualTo(50_002);
  }

  @Test
  void saysWhenPortsRunOutAndRecovers() {
    var small = new TurnStage(settings -> settings.ports(50_000, 50_002));
    for (int i = 0; i < 3; i++) {
      small.client("203.0.113.5", 41_000 + i).allocate();
    }
    TestClient late = small.client("203.0.113.5", 42_000);
    assertThat(late.ask(allocate()).error()).isEqualTo(508);
    assertThat(late.ask(allocate().evenPort(false)).error()).isEqualTo(508);
    small.client("203.0.113.5", 41_001).ask(TestMessage.refresh(0));
    assertThat(late.ask(allocate()).error()).isZero();
  }

  @Test
  void leavesNoPortBoundWhenTheSecondOfAPairCannotBeHad() {
    var small = new TurnStage(settings -> settings.ports(50_000, 50_001));
    small.portsOfOthers.add(50_001);
    assertThat(small.client().ask(allocate().evenPort(true)).error()).isEqualTo(508);
    assertThat(small.open).isEmpty();
    assertThat(small.client().ask(allocate().evenPort(false)).error()).isZero();
  }

  @Test
  void showsTheAddressOutsideOfANat() {
    var behindNat =
        new TurnStage(
            settings ->
                settings.addresses(new RelayAddress(TurnStage.ip("10.0.0.5"), TurnStage.NODE)));
    TestAnswer answer = behindNat.client().ask(allocate());
    assertThat(answer.relayed().getAddress()).isEqualTo(TurnStage.NODE);
    assertThat(behindNat.open.keySet())
        .extracting(InetSocketAddress::getAddress)
        .containsExactly(TurnStage.ip("10.0.0.5"));
  }

  @Test
  void endsWithItsConnection() {
    TestClient stream = stage.streamClient();
    stream.allocate();
    stage.server.onDisconnect(stream, stream.address, stage.nowNs);
    assertThat(stage.open).isEmpty();
  }

  @Test
  void closesEverythingAtTheEnd() {
    client.ask(allocate().evenPort(true));
    stage.client("203.0.113.6", 1).ask(allocate().alsoIpv6());
    assertThat(stage.open).hasSize(4);
    stage.server.close();
    assertThat(stage.open).isEmpty();
    assertThat(stage.server.portsInUse()).isZero();
  }

  /** Also for somebody who comes by another transport. */
  @Test
  void keepsAPortForThirtySeconds() {
    TestAnswer first = client.ask(allocate().evenPort(true));
    stage.pass(Duration.ofSeconds(30).minusNanos(1));
    TestAnswer second = stage.streamClient().ask(allocate().with(0x0022, first.value(0x0022)));
    assertThat(second.error()).isZero();
    assertThat(second.relayed().getPort()).isEqualTo(first.relayed().getPort() + 1);
  }

  @Test
  void startsWithoutPermissionsAndChannels() {
    client.allocate();
    client.bind(0x4000, TurnStage.PEER);
    client.ask(TestMessage.refresh(0));
    client.allocate();
    client.onChannel(0x4000, new byte[] {1});
    client.sendTo(TurnStage.PEER, new byte[] {1});
    assertThat(stage.toPeers).isEmpty();
    assertThat(stage.meter.drops(TurnDrop.NO_CHANNEL)).isEqualTo(1);
    assertThat(stage.meter.drops(TurnDrop.NO_PERMISSION)).isEqualTo(1);
  }

  /** RFC 8656 §18: they are for later versions. */
  @Test
  void ignoresReservedBits() {
    TestMessage transport = TestMessage.allocateWithoutTransport().with(0x0019, 17, 1, 2, 3);
    assertThat(client.ask(transport).error()).isZero();
    TestAnswer family = stage.client("203.0.113.6", 1).ask(allocate().with(0x0017, 2, 7, 7, 7));
    assertThat(family.relayed().getAddress()).isEqualTo(TurnStage.NODE_IPV6);
    TestAnswer both = stage.client("203.0.113.6", 2).ask(allocate().with(0x8000, 2, 7, 7, 7));
    assertThat(both.addresses(0x0016)).hasSize(2);
    TestAnswer even = stage.client("203.0.113.6", 3).ask(allocate().with(0x0018, 0x7F));
    assertThat(even.relayed().getPort()).isEven();
    assertThat(even.has(0x0022)).isFalse();
  }

  /** RFC 7635: ACCESS-TOKEN is one of the attributes that have to be understood. */
  @Test
  void knowsNoTokensOfThirdParties() {
    TestAnswer answer = client.ask(allocate().with(0x001B, new byte[40]));
    assertThat(answer.error()).isEqualTo(420);
    assertThat(answer.value(0x000A)).containsExactly(0x00, 0x1B);
    assertThat(client.plain(allocate()).has(0x802E)).isFalse();
  }
}
