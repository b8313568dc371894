package parley.signalling.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.access.Verdict;
import parley.signalling.call.CallPolicy;
import parley.signalling.link.LinkSettings;
import parley.signalling.server.HttpDoor;
import parley.signalling.server.ServerSettings;
import parley.signalling.server.WireClient;
import parley.signalling.servers.Services;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.RecordingPolicies;
import parley.signalling.session.SessionSettings;
import parley.signalling.wire.EventCodec;
import parley.stun.IceServer;
import parley.stun.IceServers;

/**
 * A gateway on a port of its own, before a chat server of the test's, with a relay that answers.
 */
final class GatewayStand implements AutoCloseable {

  static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  static final String ALICE = "d-bd500a50-3a38-44d1-a43c-fb1a48e1a79e";
  static final String BOB = "d-181b9859-ea3f-4e26-85c9-9e7ee7aaaa9a";
  static final String CAROL = "d-a87e168a-78df-49aa-9abb-9b5409eb7de5";
  static final String GROUP = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  static final String OTHERS = "g-82d6c0d4-8921-4519-abb3-02f17373112f";
  static final String API = "/api/v4/teams/" + TEAM;

  final ScriptedUpstream upstream = new ScriptedUpstream();
  final List<RelayCommand> commands = new CopyOnWriteArrayList<>();
  private final EventCodec codec = new EventCodec();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final CallLoop loop;
  private final LearnedTeams teams;
  private final HttpDoor door;

  GatewayStand() throws Exception {
    this(true);
  }

  GatewayStand(boolean keepHost) throws Exception {
    this(keepHost, RecordingPolicies.builtIn());
  }

  GatewayStand(boolean keepHost, RecordingPolicies recording) throws Exception {
    loop =
        new CallLoop(
            codec,
            new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults(), recording),
            Clock.systemUTC(),
            metrics,
            CallEvents.NONE);
    upstream.start();
    people();
    loop.start(relay());
    var settings =
        new GatewaySettings(
            upstream.url(),
            keepHost,
            false,
            Duration.ofMinutes(10),
            List.of(),
            Duration.ofSeconds(9));
    teams =
        new LearnedTeams(loop::teamChanged, settings.recordCalls(), settings.remember(), metrics);
    door =
        HttpDoor.open(
            serverSettings(),
            teams,
            null,
            token -> CompletableFuture.completedFuture(new Verdict.Unknown("")),
            Services.none(),
            null,
            new LinkSettings(List.of(), Duration.ofMinutes(1), Duration.ofSeconds(9)),
            loop,
            codec,
            metrics,
            Gateway.maker(settings, teams, loop, codec, metrics));
  }

  /** Alice, Bob and Carol, whose tokens are their names; Alice and Bob share a group. */
  private void people() {
    upstream.answers.put(
        API,
        request ->
            switch (request.header("token")) {
              case "alice" -> me(ALICE, "Alice Adams");
              case "bob" -> me(BOB, "Bob Brown");
              case "carol" -> me(CAROL, "Carol Clark");
              default ->
                  new ScriptedUpstream.Response(
                      401,
                      "No",
                      List.of(),
                      "{\"ok\":false,\"error\":\"INVALID_TOKEN\"}"
                          .getBytes(StandardCharsets.UTF_8));
            });
    upstream.answers.put(
        API + "/contacts",
        request ->
            result(
                contact(ALICE, "Alice Adams", !request.header("token").equals("alice")),
                contact(BOB, "Bob Brown", request.header("token").equals("alice")),
                contact(CAROL, "Carol Clark", false)));
    upstream.answers.put(
        API + "/groups",
        request ->
            request.header("token").equals("carol")
                ? result(chat(OTHERS, "\"status\":\"member\""))
                : result(
                    chat(GROUP, "\"status\":\"member\""),
                    // A public group is shown to those who are not in it as well.
                    chat(OTHERS, "\"public\":true,\"can_join\":true")));
    upstream.answers.put(API + "/tasks", request -> result());
    upstream.answers.put(
        "/api/v4/ping", request -> ScriptedUpstream.Response.json("{\"ok\":true}"));
  }

  private static ScriptedUpstream.Response me(String jid, String name) {
    return ScriptedUpstream.Response.json(
        "{\"ok\":true,\"result\":{\"uid\":\""
            + TEAM
            + "\",\"name\":\"Team\",\"icons\":{\"stub\":\"http://chat/t.png\"},\"me\":"
            + contact(jid, name, false)
            + "}}");
  }

  static String contact(String jid, String name, boolean canCall) {
    return "{\"jid\":\""
        + jid
        + "\",\"display_name\":\""
        + name
        + "\",\"icons\":{\"stub\":\"http://chat/p.png\"},\"status\":\"member\",\"can_call\":"
        + canCall
        + "}";
  }

  static String chat(String jid, String more) {
    return "{\"jid\":\""
        + jid
        + "\",\"chat_type\":\"group\",\"display_name\":\"A group\",\"can_call\":true,"
        + more
        + "}";
  }

  static ScriptedUpstream.Response result(String... items) {
    return ScriptedUpstream.Response.json(
        "{\"ok\":true,\"result\":[" + String.join(",", items) + "]}");
  }

  private MediaRelay relay() {
    return new MediaRelay() {
      @Override
      public boolean submit(RelayCommand command) {
        commands.add(command);
        if (command instanceof RelayCommand.Offer offer) {
          loop.fromRelay(
              new RelayEvent.Answered(offer.call(), offer.peer(), "v=0 answer", List.of()));
        }
        return true;
      }

      @Override
      public void close() {}
    };
  }

  private static ServerSettings serverSettings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        List.of(),
        false,
        Duration.ofSeconds(9),
        new ServerSettings.Features(
            false,
            7,
            false,
            new IceServers(
                List.of(
                    new IceServer("stun:ours:3478", "", ""),
                    new IceServer("turn:ours:3478", "u", "secret"))),
            1,
            Duration.ofSeconds(5),
            Duration.ZERO));
  }

  int port() {
    return door.port();
  }

  String http() {
    return "http://127.0.0.1:" + port();
  }

  /** A client on a real WebSocket. */
  WireClient client(String token) throws Exception {
    return WireClient.withToken("ws://127.0.0.1:" + port() + "/messaging/" + TEAM, token);
  }

  RawClient raw(String... headers) throws Exception {
    return RawClient.open(port(), "/messaging/" + TEAM, headers);
  }

  static String offer(String jid) {
    return "{'event':'client.call.offer','params':{'jid':'" + jid + "','sdp':'v=0'}}";
  }

  @Override
  public void close() throws Exception {
    door.close();
    teams.close();
    loop.close();
    upstream.close();
  }
}
