package parley.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IceServersTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_763_812_740);
  private static final OwnTurn OWN = new OwnTurn("", 3478, 5349, "north");

  private static List<IceServer> told(
      IceServers servers, @Nullable String user, @Nullable String region) {
    return servers.forClient("call.example", 20_000, user, region, NOW);
  }

  private static IceServerSource turn(String host, String region) {
    return new IceServerSource("turn:" + host, "", "", "north", region);
  }

  @Test
  void aMediaPortIsAStunServerWhereThereIsNoOther() {
    assertThat(told(new IceServers(List.of()), null, null))
        .containsExactly(new IceServer("stun:call.example:20000", "", ""));
  }

  @Test
  void aNodeWithoutMediaPortsNamesATurnServerAsStunServerToStrangers() {
    var servers =
        new IceServers(
            List.of(
                turn("turn.example:3478?transport=udp", ""),
                turn("turn.example:3478?transport=tcp", ""),
                turn("[2001:db8::1]", "")),
            null,
            Duration.ofMinutes(1));
    assertThat(servers.forClient("call.example", 0, null, null, NOW))
        .containsExactly(
            new IceServer("stun:turn.example:3478", "", ""),
            new IceServer("stun:[2001:db8::1]", "", ""));
    assertThat(new IceServers(List.of()).forClient("call.example", 0, "alice", null, NOW))
        .isEmpty();
  }

  @Test
  void fixedServersAreToldAsTheyAreToWhoHasSignedIn() {
    var turn = new IceServer("turn:turn.example", "me", "mine");
    var stun = new IceServer("stun:turn.example", "", "");
    var servers = new IceServers(List.of(turn, stun));
    assertThat(told(servers, "alice", null)).containsExactly(turn, stun);
    assertThat(told(servers, null, null)).containsExactly(stun);
  }

  @Test
  void theNodesOwnServerIsToldInEveryTransportWithCredentialsOfTheUser() {
    var servers = new IceServers(List.of(), OWN, Duration.ofMinutes(1));
    List<IceServer> told = told(servers, "alice", null);
    assertThat(told)
        .extracting(IceServer::urls)
        .containsExactly(
            "stun:call.example:3478",
            "turn:call.example:3478?transport=udp",
            "turn:call.example:3478?transport=tcp",
            "turns:call.example:5349?transport=tcp");
    // printf '1763812800:alice' | openssl dgst -sha1 -hmac north -binary | base64
    assertThat(told.get(1).username()).isEqualTo("1763812800:alice");
    assertThat(told.get(1).credential()).isEqualTo("8iNoJlS9/5y4KpyP7k06GZmlIhI=");
  }

  @Test
  void strangersGetNoCredentials() {
    var servers = new IceServers(List.of(turn("a", "")), OWN, Duration.ofMinutes(1));
    assertThat(told(servers, null, null))
        .containsExactly(new IceServer("stun:call.example:3478", "", ""));
    assertThat(told(new IceServers(List.of(turn("a", "")), null, Duration.ZERO), null, null))
        .extracting(IceServer::urls)
        .containsExactly("stun:call.example:20000");
  }

  @Test
  void aNameOfItsOwnGoesBeforeTheOneOfThePages() {
    var own = new OwnTurn("turn.example", 3478, 0, "north");
    assertThat(told(new IceServers(List.of(), own, Duration.ZERO), "alice", null))
        .extracting(IceServer::urls)
        .containsExactly(
            "stun:turn.example:3478",
            "turn:turn.example:3478?transport=udp",
            "turn:turn.example:3478?transport=tcp");
  }

  @Test
  void aServerWithoutASecretIsNoTurnServerForClients() {
    var own = new OwnTurn("", 3478, 5349, "");
    assertThat(told(new IceServers(List.of(), own, Duration.ZERO), "alice", null))
        .extracting(IceServer::urls)
        .containsExactly("stun:call.example:3478");
  }

  @Test
  void aRegionLeavesTheOthersOut() {
    var servers =
        new IceServers(
            List.of(turn("eu", "eu"), turn("us", "us"), turn("all", "")), null, Duration.ZERO);
    assertThat(told(servers, "alice", "us"))
        .extracting(IceServer::urls)
        .containsExactly("turn:us", "turn:all");
    assertThat(told(servers, "alice", null)).hasSize(3);
    assertThat(told(servers, "alice", "moon")).hasSize(3);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IceServerSource("turn:a", "me", "mine", "north", ""))
        .withMessageContaining("right would be one of the two ways");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IceServerSource("stun:a", "", "", "north", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IceServerSource("turn:a", "", "", "", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IceServerSource("turn:a b", "", "", "north", ""));
  }

  @Test
  void tellsNoSecrets() {
    var made = TimeLimitedCredentials.make("north", "a", NOW);
    assertThat(List.of(turn("a", ""), OWN, made))
        .allSatisfy(each -> assertThat(each.toString()).doesNotContain("north", made.password()));
  }
}
