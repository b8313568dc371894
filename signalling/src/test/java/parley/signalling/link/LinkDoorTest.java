package parley.signalling.link;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Team;
import parley.signalling.link.LinkSettings.ChatServer;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.SessionSettings;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.TeamId;

@Timeout(120)
class LinkDoorTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "a-token-of-thirty-two-characters";
  private static final String OTHER_TOKEN = "another-token-of-another-server-";
  private static final String MEETING = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final String OFFER =
      "{'event':'client.call.offer','params':{'jid':'%s','sdp':'v=0'}}";

  private final Team team = DemoTeam.load().team();
  private final String teamUid = team.uid().value();
  private final String alice = jid("Alice");
  private final String bob = jid("Bob");
  private final OneTeam teams = new OneTeam(team);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Parley parley;

  /** Accepts every offer. */
  private static final class AnsweringRelay implements MediaRelay {
    private @Nullable CallLoop loop;

    @Override
    public boolean submit(RelayCommand command) {
      if (command instanceof RelayCommand.Offer offer) {
        requireNonNull(loop)
            .fromRelay(
                new RelayEvent.Answered(offer.call(), offer.peer(), "v=0 answer", List.of()));
      }
      return true;
    }

    @Override
    public void close() {}
  }

  /** One run of the program. */
  private final class Parley implements AutoCloseable {
    final CallLoop loop;
    private final Vertx vertx = Vertx.vertx();
    private final LinkDoor door;
    private final HttpServer server;

    Parley(int port, Duration resume) throws Exception {
      var policy = new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults());
      var codec = new EventCodec();
      loop = new CallLoop(codec, policy, Clock.systemUTC(), metrics, CallEvents.NONE);
      var relay = new AnsweringRelay();
      relay.loop = loop;
      loop.start(relay);
      var settings =
          new LinkSettings(
              List.of(
                  new ChatServer("one", TOKEN, Set.of()),
                  new ChatServer(
                      "other",
                      OTHER_TOKEN,
                      Set.of(new TeamId("0e7f5f3a-0000-4000-8000-000000000000")))),
              resume,
              Duration.ofSeconds(9));
      door = new LinkDoor(vertx, settings, teams, loop, codec, metrics, request -> "http://here:1");
      Router router = Router.router(vertx);
      door.mount(router);
      var options = new HttpServerOptions();
      options.setMaxWebSocketFrameSize(2 << 20).setMaxWebSocketMessageSize(2 << 20);
      server =
          vertx
              .createHttpServer(options)
              .requestHandler(router)
              .listen(port, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
    }

    int port() {
      return server.actualPort();
    }

    String url() {
      return "ws://127.0.0.1:" + port() + "/link/v1";
    }

    @Override
    public void close() throws Exception {
      door.close();
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
      loop.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    parley = new Parley(0, Duration.ofMinutes(1));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    parley.close();
  }

  private String jid(String shortName) {
    return team.contacts().stream()
        .filter(contact -> contact.shortName().equals(shortName))
        .findFirst()
        .orElseThrow()
        .jid()
        .toString();
  }

  private ChatServerEnd chatServer() {
    return chatServer(TOKEN);
  }

  private ChatServerEnd chatServer(String token) {
    var end = new ChatServerEnd(parley.url(), token);
    opened.add(end);
    return end;
  }

  private static void eventually(BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > endNs) {
        throw new AssertionError("it did not come to that");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static String confirmed(String event, String confirmId, String jid) {
    return "{'event':'%s','confirm_id':'%s','params':{'jid':'%s'}}"
        .formatted(event, confirmId, jid);
  }

  @Test
  void carriesACall() throws Exception {
    ChatServerEnd chat = chatServer();
    assertThat(chat.connect().get("resumed").asBoolean()).isFalse();
    chat.opens("a", teamUid, alice);
    chat.opens("b", teamUid, bob);
    chat.event("a", OFFER.formatted(bob));
    JsonNode buzz = chat.hears("b", "server.call.buzz");
    assertThat(chat.hears("a", "server.call.answer").at("/params/jid").asText()).isEqualTo(bob);
    assertThat(buzz.at("/params/jid").asText()).isEqualTo(alice);
    assertThat(buzz.at("/params/icons/sm/url").asText()).startsWith("https://calls.example/icons/");
    chat.event("b", OFFER.formatted(alice));
    assertThat(chat.hears("b", "server.call.answer").at("/params/jid").asText()).isEqualTo(alice);
    JsonNode calls =
        chat.hears(
            m ->
                m.path("type").asText().equals("calls")
                    && ChatServerEnd.addressed(m, "a")
                    && m.at("/calls/0/online_count").asInt() == 2);
    assertThat(calls.at("/calls/0/jid").asText()).isEqualTo(bob);
    chat.event("a", confirmed("client.call.leave", "c-1", bob));
    assertThat(chat.hears("a", "server.confirm").at("/params/confirm_id").asText())
        .isEqualTo("c-1");
    chat.hears("b", "server.call.leave");
    eventually(() -> parley.loop.calls() == 0);
    eventually(() -> chat.unacknowledged() == 0);
  }

  @Test
  void saysTheSameToManySessionsOnce() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    for (int i = 0; i < 20; i++) {
      chat.opens("b" + i, teamUid, bob);
    }
    eventually(() -> parley.loop.sessions() == 21);
    chat.event("a", OFFER.formatted(MEETING));
    int told = 0;
    int messages = 0;
    while (told < 21) {
      told += chat.hears(LinkDoorTest::isState).get("sessions").size();
      messages++;
    }
    // More than one only when the calls' thread was interrupted among them.
    assertThat(messages).isLessThan(10);
  }

  private static boolean isState(JsonNode message) {
    return message.path("type").asText().equals("send")
        && ChatServerEnd.frame(message).path("event").asText().equals("server.call.state");
  }

  @Test
  void leavesTheChatServersOwnEventsAlone() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    for (String frame :
        List.of(
            "{'event':'client.ping','confirm_id':'p'}",
            "{'event':'client.activity','params':{'afk':true}}",
            "{'event':'client.message.updated','confirm_id':'m','params':{}}",
            "not json",
            "{'event':'client.confirm','params':{'confirm_id':'of another server'}}")) {
      chat.event("a", frame);
    }
    chat.event(
        "a", "{'event':'client.call.dance','confirm_id':'d','params':{'jid':'" + bob + "'}}");
    JsonNode first = chat.hears("send");
    assertThat(ChatServerEnd.frame(first).at("/params/confirm_id").asText()).isEqualTo("d");
    assertThat(chat.hears("a", "server.warning").at("/params/message").asText())
        .isEqualTo("unknown event: client.call.dance");
  }

  @Test
  void losesNothingWhereverTheConnectionBreaks() throws Exception {
    var random = new Random(20261122);
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    int said = 200; // no more at once than a session may say
    for (int i = 0; i < said; i++) {
      chat.event("a", confirmed("client.call.buzzcancel", "c-" + i, MEETING));
      if (random.nextInt(10) == 0) {
        chat.breaks();
        assertThat(chat.connect().get("resumed").asBoolean()).isTrue();
      }
    }
    List<String> confirms = new ArrayList<>();
    while (confirms.size() < said) {
      confirms.add(chat.hears("a", "server.confirm").at("/params/confirm_id").asText());
    }
    assertThat(confirms).containsExactlyElementsOf(ids(said));
  }

  private static List<String> ids(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("c-" + i);
    }
    return ids;
  }

  @Test
  void hearsWhatHappenedWhileTheLinkWasDown() throws Exception {
    ChatServerEnd chat = chatServer();
    ChatServerEnd second = chatServer();
    chat.connect();
    second.connect(JSON.createObjectNode().put("instance", "2"));
    chat.opens("a", teamUid, alice);
    second.opens("b", teamUid, bob);
    eventually(() -> parley.loop.sessions() == 2);
    chat.breaks();
    second.event("b", OFFER.formatted(alice));
    second.hears("b", "server.call.answer");
    assertThat(chat.connect().get("resumed").asBoolean()).isTrue();
    assertThat(chat.hears("a", "server.call.buzz").at("/params/jid").asText()).isEqualTo(bob);
    assertThat(parley.loop.sessions()).isEqualTo(2);
  }

  @Test
  void restartsTheCallsOfAParleyThatIsNoMore() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    chat.event("a", OFFER.formatted(MEETING));
    String uid = chat.hears("a", "server.call.answer").at("/params/uid").asText();
    int port = parley.port();
    parley.close();
    parley = new Parley(port, Duration.ofMinutes(1));
    JsonNode welcome = chat.connect();
    assertThat(welcome.get("resumed").asBoolean()).isFalse();
    assertThat(welcome.get("received").asInt()).isZero();
    assertThat(welcome.get("reason").asText()).isEqualTo("this Parley has started since");
    chat.opensWithCall("a", teamUid, alice, MEETING, uid);
    JsonNode restart = chat.hears("a", "server.call.restart");
    assertThat(restart.at("/params/uid").asText()).isEqualTo(uid);
    chat.event("a", OFFER.formatted(MEETING));
    chat.hears("a", "server.call.answer");
  }

  @Test
  void bringsADeviceBackWhoseStreamWasLost() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    chat.event("a", OFFER.formatted(MEETING));
    String uid = chat.hears("a", "server.call.answer").at("/params/uid").asText();
    chat.raw("no message");
    assertThat(chat.closed()).isEqualTo(Connection.BAD_MESSAGE);
    JsonNode welcome = chat.connect();
    assertThat(welcome.get("reason").asText()).isEqualTo("the stream is over");
    chat.opensWithCall("a", teamUid, alice, MEETING, uid);
    chat.hears("a", "server.call.restart");
    chat.event("a", OFFER.formatted(MEETING));
    assertThat(chat.hears("a", "server.call.answer").at("/params/uid").asText()).isEqualTo(uid);
    assertThat(parley.loop.calls()).isEqualTo(1);
    assertThat(parley.loop.sessions()).isEqualTo(1);
  }

  @Test
  void saysThatACallHasEndedMeanwhile() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    String uid = "0d7b3c8e-5a7c-4b59-9a76-2f6b0f1e9d11";
    chat.opensWithCall("a", teamUid, alice, bob, uid);
    JsonNode leave = chat.hears("a", "server.call.leave");
    assertThat(leave.at("/params/uid").asText()).isEqualTo(uid);
    assertThat(leave.at("/params/jid").asText()).isEqualTo(bob);
  }

  @Test
  void forgetsTheSessionsOfAChatServerThatStartsAnew() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    eventually(() -> parley.loop.sessions() == 1);
    ChatServerEnd anew = chatServer();
    assertThat(anew.connect().get("resumed").asBoolean()).isFalse();
    assertThat(chat.closed()).isEqualTo(Connection.REPLACED);
    eventually(() -> parley.loop.sessions() == 0);
  }

  @Test
  void forgetsTheSessionsOfAStreamThatNobodyResumes() throws Exception {
    int port = parley.port();
    parley.close();
    parley = new Parley(port, Duration.ofMillis(200));
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    eventually(() -> parley.loop.sessions() == 1);
    chat.breaks();
    eventually(() -> parley.loop.sessions() == 0);
    assertThat(chat.connect().get("reason").asText()).isEqualTo("the stream is over");
  }

  @Test
  void closesASession() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    eventually(() -> parley.loop.sessions() == 1);
    chat.closes("a");
    eventually(() -> parley.loop.sessions() == 0);
    chat.event("a", OFFER.formatted(bob));
    assertThat(chat.hears("refused").get("code").asText()).isEqualTo("NO_SESSION");
  }

  @Test
  void asksAgainForATeamThatNobodyCanTellOfAtTheMoment() throws Exception {
    ChatServerEnd chat = chatServer();
    teams.reachable = false;
    chat.connect();
    chat.opens("a", teamUid, alice);
    chat.event("a", OFFER.formatted(MEETING));
    eventually(() -> chat.unacknowledged() == 0);
    assertThat(parley.loop.sessions()).isZero();
    teams.reachable = true;
    chat.hears("a", "server.call.answer");
    assertThat(teams.watched).hasValue(1);
    chat.closes("a");
    eventually(() -> teams.watched.get() == 0);
  }

  @Test
  void letsNobodyInWithoutTheToken() {
    for (String token : List.of("", "Bearer wrong", "Basic " + TOKEN)) {
      assertThat(handshake("Authorization", token)).isEqualTo(401);
    }
    assertThat(handshake("token", TOKEN)).isEqualTo(401);
    // All that a page in a browser can send.
    assertThat(handshake("Origin", "https://evil.example", "Cookie", "token=" + TOKEN))
        .isEqualTo(401);
    assertThat(handshake("Authorization", "Bearer " + TOKEN)).isEqualTo(101);
  }

  private int handshake(String... headers) {
    WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    try {
      builder
          .buildAsync(URI.create(parley.url()), new WebSocket.Listener() {})
          .get(20, TimeUnit.SECONDS);
      return 101;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(WebSocketHandshakeException.class);
      var refused = (WebSocketHandshakeException) requireNonNull(e.getCause());
      return requireNonNull(refused.getResponse()).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusesForgedSessions() throws Exception {
    ChatServerEnd chat = chatServer(OTHER_TOKEN);
    chat.connect();
    chat.opens("x", teamUid, alice);
    assertThat(chat.hears("refused").get("code").asText()).isEqualTo("ACCESS_DENIED");
    chat.opens("y", "0e7f5f3a-0000-4000-8000-000000000000", alice);
    assertThat(chat.hears("refused").get("code").asText()).isEqualTo("NOT_FOUND");
    ChatServerEnd right = chatServer();
    right.connect();
    right.opens("z", teamUid, "d-00000000-0000-4000-8000-000000000000");
    assertThat(right.hears("refused").get("code").asText()).isEqualTo("NOT_FOUND");
    right.event("another link's", OFFER.formatted(bob));
    assertThat(right.hears("refused").get("code").asText()).isEqualTo("NO_SESSION");
    assertThat(parley.loop.sessions()).isZero();
  }

  @Test
  void answersEventsAboutForeignChatsAsAnyDoorDoes() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    chat.event("a", OFFER.formatted("g-00000000-0000-4000-8000-000000000000"));
    assertThat(chat.hears("a", "server.warning").at("/params/message").asText())
        .isEqualTo("access denied");
  }

  @Test
  void doesNotOpenAStreamToAnotherChatServersToken() throws Exception {
    ChatServerEnd chat = chatServer();
    String stream = chat.connect().get("stream").asText();
    chat.opens("a", teamUid, alice);
    eventually(() -> parley.loop.sessions() == 1);
    ChatServerEnd thief = chatServer(OTHER_TOKEN);
    JsonNode welcome = thief.connect(JSON.createObjectNode().put("stream", stream));
    assertThat(welcome.get("resumed").asBoolean()).isFalse();
    assertThat(welcome.get("stream").asText()).isNotEqualTo(stream);
    chat.event("a", OFFER.formatted(bob));
    chat.hears("a", "server.call.answer");
  }

  @Test
  void endsAStreamThatCannotBeUnderstood() throws Exception {
    String deep = "{\"type\":" + "[".repeat(500) + "]".repeat(500) + "}";
    for (String message :
        List.of(
            "",
            "{}",
            deep,
            "{\"type\":\"hello\"}",
            "{\"type\":\"ack\",\"seq\":99}",
            "{\"type\":\"closed\",\"seq\":3,\"session\":\"a\"}")) {
      ChatServerEnd chat = chatServer();
      chat.connect();
      chat.raw(message);
      assertThat(chat.closed()).as(message).isEqualTo(Connection.BAD_MESSAGE);
    }
  }

  @Test
  void endsAConnectionThatDoesNotBeginWithHello() throws Exception {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + TOKEN)
            .buildAsync(URI.create(parley.url()), new WebSocket.Listener() {})
            .get(20, TimeUnit.SECONDS);
    socket.sendText("{\"type\":\"opened\",\"seq\":1,\"session\":\"a\"}", true).get();
    eventually(socket::isInputClosed);
  }

  @Test
  void survivesAMessageLargerThanAnyIs() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.rawUnlessClosed("{\"type\":\"" + "x".repeat(3 << 20) + "\"}");
    assertThat(chat.closed()).isEqualTo(1009);
    assertThat(chatServer().connect().get("resumed").asBoolean()).isFalse();
  }

  @Test
  void keepsNoMoreThanItsBufferForAReaderThatAcknowledgesNothing() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.acknowledges = false;
    chat.connect();
    chat.opens("a", teamUid, alice);
    String large = "{'event':'client.call.dance','params':{'x':'" + "y".repeat(200_000) + "'}}";
    // Each is answered by a warning that carries it.
    for (int i = 0; i < 100; i++) {
      chat.event("a", large);
    }
    assertThat(chat.closed()).isEqualTo(Connection.FELL_BEHIND);
    eventually(() -> parley.loop.sessions() == 0);
    assertThat(chat.connect().get("reason").asText()).isEqualTo("the stream is over");
  }

  @Test
  void showsOutASessionThatFloodsAndNoOther() throws Exception {
    ChatServerEnd chat = chatServer();
    chat.connect();
    chat.opens("a", teamUid, alice);
    chat.opens("b", teamUid, bob);
    for (int i = 0; i < 1_000; i++) {
      chat.event("a", "{'event':'client.call.dance'}");
    }
    JsonNode refused = chat.hears("refused");
    assertThat(refused.get("session").asText()).isEqualTo("a");
    assertThat(refused.get("code").asText()).isEqualTo("CLOSED");
    chat.event("b", OFFER.formatted(MEETING));
    chat.hears("b", "server.call.answer");
  }
}
