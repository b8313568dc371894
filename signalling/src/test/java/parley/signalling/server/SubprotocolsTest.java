package parley.signalling.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubprotocolsTest {

  @Test
  void readsTokenAndInstance() {
    var protocols = Subprotocols.of("parley, instance.AAECAwQFBgcICQoLDA0ODw, token.YWxpY2U");

    assertThat(protocols.tokens()).containsExactly("alice", "token.YWxpY2U");
    assertThat(protocols.instance()).isEqualTo("AAECAwQFBgcICQoLDA0ODw");
  }

  @Test
  void leavesTheTokenToTheCookieWhenOnlyTheInstanceIsTold() {
    assertThat(Subprotocols.of("parley,instance.AAECAwQFBgc").tokens()).isEmpty();
  }

  @Test
  void takesAnyOtherNameForAToken() {
    assertThat(Subprotocols.of("alice").tokens()).containsExactly("alice");
  }

  @Test
  void ignoresAnInstanceThatIsNoId() {
    assertThat(Subprotocols.of("instance.").instance()).isEmpty();
    assertThat(Subprotocols.of("instance." + "a".repeat(65)).instance()).isEmpty();
    assertThat(Subprotocols.of("instance.<script>").instance()).isEmpty();
  }

  @Test
  void survivesGarbage() {
    assertThat(Subprotocols.of(null).tokens()).isEmpty();
    assertThat(Subprotocols.of(",,token.%%%").tokens()).contains("");
    assertThat(Subprotocols.of("a".repeat(10_000)).tokens()).isEmpty();
  }

  @Test
  void keepsTokensOutOfLogs() {
    assertThat(Subprotocols.of("token.YWxpY2U")).asString().doesNotContain("alice", "YWxp");
  }
}
