package parley.signalling.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.signalling.callback.CallbackClient;
import parley.signalling.directory.Account;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Tokens that the chat server is asked about. */
class IntrospectedTokensTest {

  private static final Verdict KNOWN =
      new Verdict.Known(new Account(Map.of(new TeamId(Issuer.TEAM), Jid.of("d-" + Issuer.UUID))));

  private final AtomicLong nowNs = new AtomicLong();
  private final ChatServer server = new ChatServer();
  private final IntrospectedTokens tokens =
      new IntrospectedTokens(
          server.url("/introspect"),
          "Bearer of-parley",
          new ClaimNames("sub", "team", null),
          Duration.ofSeconds(30),
          new CallbackClient(Duration.ofMillis(500)),
          () -> Issuer.NOW,
          nowNs::get);

  @AfterEach
  void close() {
    tokens.close();
    server.close();
  }

  @Test
  void asksTheChatServerOnceInAWhile() {
    active("");
    assertThat(verdict("a&b=c")).isEqualTo(KNOWN);
    assertThat(verdict("a&b=c")).isEqualTo(KNOWN);
    assertThat(server.requests).containsExactly("token=a%26b%3Dc&token_type_hint=access_token");
    assertThat(server.authorization).isEqualTo("Bearer of-parley");
    nowNs.addAndGet(Duration.ofSeconds(31).toNanos());
    server.answer = r -> "{\"active\":false}";
    assertThat(verdict("a&b=c")).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void forgetsATokenWhenItExpires() {
    active(",\"exp\":" + Issuer.NOW.plusSeconds(5).getEpochSecond());
    assertThat(verdict("token")).isEqualTo(KNOWN);
    nowNs.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThat(verdict("token")).isEqualTo(KNOWN);
    assertThat(server.requests).hasSize(2);
    active(",\"exp\":" + Issuer.NOW.getEpochSecond());
    assertThat(verdict("late")).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void doesNotAskAgainAboutAWrongToken() {
    server.answer = r -> "{\"active\":false}";
    for (int i = 0; i < 50; i++) {
      assertThat(verdict("wrong")).isInstanceOf(Verdict.Unknown.class);
    }
    assertThat(server.requests).hasSize(1);
    nowNs.addAndGet(IntrospectedTokens.NEGATIVE.plusSeconds(1).toNanos());
    verdict("wrong");
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void letsInOnlyOnAClearYes() {
    for (String answer :
        List.of(
            "{}",
            "{\"active\":\"true\"}",
            "{\"active\":1}",
            "{\"active\":true}",
            "{\"active\":true,\"sub\":\"d-" + Issuer.UUID + "\"}",
            "{\"active\":true,\"sub\":\"../x\",\"team\":\"" + Issuer.TEAM + "\"}")) {
      server.answer = r -> answer;
      assertThat(verdict(answer)).as(answer).isInstanceOf(Verdict.Unknown.class);
    }
    for (String answer : List.of("", "true", "[]", "<html>", "[".repeat(10_000))) {
      server.answer = r -> answer;
      assertThat(verdict("t" + answer.length())).as(answer).isInstanceOf(Verdict.Unavailable.class);
    }
  }

  @Test
  void letsNobodyInWhileTheChatServerIsAwayAndAsksAgainAfterwards() {
    active("");
    server.status = 502;
    assertThat(verdict("token")).isInstanceOf(Verdict.Unavailable.class);
    nowNs.incrementAndGet();
    server.status = 302;
    assertThat(verdict("token")).isInstanceOf(Verdict.Unavailable.class);
    nowNs.incrementAndGet();
    server.status = 200;
    assertThat(verdict("token")).isEqualTo(KNOWN);
  }

  @Test
  void waitsNoLongerThanItsTimeout() {
    active("");
    var gate = new CountDownLatch(1);
    server.gate = gate;
    assertThat(verdict("token")).isInstanceOf(Verdict.Unavailable.class);
    gate.countDown();
  }

  @Test
  void asksOnceForManySocketsOfOneToken() {
    active("");
    var gate = new CountDownLatch(1);
    server.gate = gate;
    List<CompletableFuture<Verdict>> asked =
        IntStream.range(0, 100).mapToObj(i -> tokens.check("token")).toList();
    gate.countDown();
    asked.forEach(one -> assertThat(one.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(KNOWN));
    assertThat(server.requests).hasSize(1);
  }

  private void active(String more) {
    server.answer =
        r ->
            "{\"active\":true,\"sub\":\"d-"
                + Issuer.UUID
                + "\",\"team\":\""
                + Issuer.TEAM
                + "\""
                + more
                + "}";
  }

  private Verdict verdict(String token) {
    return tokens.check(token).orTimeout(20, TimeUnit.SECONDS).join();
  }
}
