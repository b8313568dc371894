package parley.signalling.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallSummary;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Team;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

class CallTracesTest {

  private static final CallId CALL = new CallId("0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1");
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final TeamId TEAM = new TeamId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
  private static final Jid ALICE = Jid.of("d-565a1d31-3605-4c99-8581-c2d19fb27405");
  private static final Jid BOB = Jid.of("d-1edad8ac-88ff-4655-89cb-d4cf031eef08");

  private final List<Span> spans = new ArrayList<>();
  private final CallTraces here = new CallTraces(spans::add, () -> NOON);
  private final CallTraces there = new CallTraces(spans::add, () -> NOON.plusSeconds(60));

  @Test
  void oneCallIsOneTraceWhicheverNodeTellsOfIt() {
    here.onRelay(connected());
    there.happened(finished());

    Span call = span("call");
    Span join = span("join");
    assertThat(spans)
        .extracting(each -> CallTraces.trace(each.call()))
        .hasSize(4)
        .containsOnly(CallTraces.trace(CALL));
    assertThat(join.parent()).isEqualTo(call.id());
    assertThat(span("ice.check").parent()).isEqualTo(join.id());
    assertThat(ms(join)).isEqualTo(200);
    assertThat(ms(span("ice.check"))).isEqualTo(40);
    assertThat(ms(span("dtls"))).isEqualTo(140);
    assertThat(call.attributes()).containsEntry("parley.reason", "everybody has left");
  }

  @Test
  void arriveAtACollector() throws Exception {
    var bodies = new LinkedBlockingQueue<byte[]>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          bodies.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
    try (var export = new SpanExport(new TracingConfig(url, "Bearer x"))) {
      new CallTraces(export, () -> NOON).happened(finished());

      byte[] body = bodies.poll(30, TimeUnit.SECONDS);
      JsonNode span = new ObjectMapper().readTree(body).at("/resourceSpans/0/scopeSpans/0/spans/0");
      assertThat(span.path("name").asText()).isEqualTo("call");
      assertThat(span.path("traceId").asText()).isEqualTo(CallTraces.trace(CALL));
      assertThat(
              Long.parseLong(span.path("endTimeUnixNano").asText())
                  - Long.parseLong(span.path("startTimeUnixNano").asText()))
          .isEqualTo(65_000_000_000L);
    } finally {
      collector.stop(0);
    }
  }

  private static RelayEvent connected() {
    return new RelayEvent.Connected(
        CALL, new PeerId("p1"), "sha-256 AB", new RelayEvent.SetUp(40, 60, 200));
  }

  private static CallEvent.Finished finished() {
    var participants = new LinkedHashSet<>(List.of(ALICE, BOB));
    Team team = DemoTeam.load().team();
    return new CallEvent.Finished(
        requireNonNull(team.place(ALICE, BOB)),
        new CallSummary(
            CALL,
            CallKey.of(TEAM, ALICE, BOB),
            new IsoTime(NOON.minusSeconds(5)),
            new IsoTime(NOON),
            new IsoTime(NOON.plusSeconds(60)),
            participants,
            "everybody has left"));
  }

  private Span span(String name) {
    return spans.stream()
        .filter(span -> span.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no span " + name + " in " + spans));
  }

  private static long ms(Span span) {
    return Duration.between(span.from(), span.to()).toMillis();
  }
}
