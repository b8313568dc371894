package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.signalling.call.CallPlace;
import parley.signalling.schema.Schemas;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.TeamId;

/** Over real HTTP, with a real disk. */
@Timeout(120)
class WebhooksTest {

  private static final long ROOM = 1 << 20;
  private static final RetryTimes IMPATIENT =
      new RetryTimes(
          Duration.ofMillis(500), Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofHours(1));
  private static final TeamId OTHER_TEAM = new TeamId("00000000-0000-4000-8000-000000000001");

  @TempDir Path folder;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final CallPlace place = Samples.group();
  private Receiver receiver;
  private Webhooks webhooks;

  @BeforeEach
  void begin() throws IOException {
    receiver = new Receiver();
    webhooks = start(endpoint("chat", receiver.url()));
  }

  @AfterEach
  void end() throws InterruptedException {
    webhooks.close();
    receiver.close();
    assertThat(receiver.forged).isEmpty();
  }

  @Test
  void tellsTheEventsOfACallInOrderAndSigned() throws Exception {
    List<CallEvent> events = Samples.all(place);
    events.forEach(webhooks::happened);
    assertThat(receiver.next(events.size()))
        .extracting(Receiver.Request::type)
        .containsExactly(
            "call.buzz",
            "call.started",
            "call.finished",
            "recording.ready",
            "recording.failed",
            "recording.missing");
  }

  @Test
  void repeatsWithTheSameIdWhatFailed() throws Exception {
    receiver.answers = request -> receiver.before.get() < 3 ? 500 : 200;
    webhooks.happened(Samples.started(place, Samples.newCall()));
    List<Receiver.Request> requests = receiver.next(4);
    assertThat(requests).extracting(Receiver.Request::id).containsOnly(requests.getFirst().id());
    waitFor(() -> count("delivered", "chat") == 1);
    assertThat(count("failed", "chat")).isEqualTo(3);
  }

  @Test
  void letsNoEventOvertakeAnEarlierOneOfItsCall() throws Exception {
    receiver.answers =
        request -> request.type().equals("call.started") && receiver.before.get() < 4 ? 503 : 200;
    CallId call = Samples.newCall();
    webhooks.happened(Samples.started(place, call));
    webhooks.happened(Samples.finished(place, call, Duration.ofSeconds(1), Samples.contact(0)));
    List<Receiver.Request> requests = receiver.next(6);
    assertThat(requests.subList(0, 5))
        .extracting(Receiver.Request::type)
        .containsOnly("call.started");
    assertThat(requests.getLast().type()).isEqualTo("call.finished");
  }

  @Test
  void countsAReceiverThatIsTooSlowAsFailed() throws Exception {
    receiver.answers = request -> receiver.before.get() == 0 ? Receiver.SILENT : 200;
    webhooks.happened(Samples.started(place, Samples.newCall()));
    List<Receiver.Request> requests = receiver.next(2);
    assertThat(requests.getLast().id()).isEqualTo(requests.getFirst().id());
    waitFor(() -> count("delivered", "chat") == 1);
    assertThat(count("failed", "chat")).isEqualTo(1);
  }

  @Test
  void isNotHeldUpByAReceiverThatNeverAnswersOneCall() throws Exception {
    CallId slow = Samples.newCall();
    receiver.answers = request -> request.call().equals(slow.value()) ? Receiver.SILENT : 200;
    webhooks.happened(Samples.started(place, slow));
    receiver.next();
    webhooks.happened(Samples.started(place, Samples.newCall()));
    waitFor(() -> count("delivered", "chat") == 1);
  }

  @Test
  void followsNoRedirect() throws Exception {
    try (var elsewhere = new Receiver()) {
      receiver.location = elsewhere.url().toString();
      receiver.answers = request -> receiver.before.get() < 2 ? 307 : 200;
      webhooks.happened(Samples.started(place, Samples.newCall()));
      receiver.next(3);
      waitFor(() -> count("delivered", "chat") == 1);
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void sendsNothingMoreToAReceiverThatIsGone() throws Exception {
    receiver.answers = request -> 410;
    CallId call = Samples.newCall();
    webhooks.happened(Samples.started(place, call));
    receiver.next();
    webhooks.happened(Samples.finished(place, call, Duration.ofSeconds(1), Samples.contact(0)));
    waitFor(() -> count("dropped", "chat") >= 1 && pending("chat") == 0);
    webhooks.happened(Samples.started(place, Samples.newCall()));
    restart(endpoint("chat", receiver.url()));
    assertThat(receiver.requests).as("nothing was kept for it").isEmpty();
  }

  @Test
  void waitsAsLongAsTheReceiverAsks() throws Exception {
    receiver.answers = request -> 503;
    receiver.retryAfter = "3600";
    webhooks.happened(Samples.started(place, Samples.newCall()));
    receiver.next();
    waitFor(() -> count("failed", "chat") == 1);
    webhooks.happened(Samples.started(place, Samples.newCall()));
    waitFor(() -> pending("chat") == 2);
    restart(endpoint("chat", receiver.url())); // its farewell sends nothing either
    assertThat(receiver.next(2)).hasSize(2); // a new process has not been asked
  }

  @Test
  void keepsWhatAReceiverThatIsDownHasNotGotAcrossARestart() throws Exception {
    int port = receiver.port();
    receiver.close();
    List<CallId> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(Samples.newCall());
      webhooks.happened(Samples.started(place, calls.getLast()));
      webhooks.happened(Samples.finished(place, calls.getLast(), null, Samples.contact(0)));
    }
    waitFor(() -> pending("chat") == 40);
    webhooks.close();
    receiver = new Receiver(port);
    webhooks = start(endpoint("chat", receiver.url()));
    List<Receiver.Request> requests = receiver.next(40);
    for (CallId call : calls) {
      assertThat(requests)
          .filteredOn(request -> request.call().equals(call.value()))
          .extracting(Receiver.Request::type)
          .containsExactly("call.started", "call.finished");
    }
  }

  @Test
  void sendsWhatHappensAtTheVeryEndBeforeItStops() throws Exception {
    webhooks.happened(Samples.started(place, Samples.newCall()));
    webhooks.close();
    assertThat(receiver.requests).hasSize(1);
  }

  @Test
  void tellsTheEndOfACallThatRanWhenTheProcessWasKilled() throws Exception {
    CallId ran = Samples.newCall();
    CallId rang = Samples.newCall();
    CallId over = Samples.newCall();
    webhooks.happened(Samples.started(place, ran));
    webhooks.happened(Samples.buzz(place, rang, List.of(Samples.contact(1))));
    webhooks.happened(Samples.started(place, over));
    webhooks.happened(Samples.finished(place, over, Duration.ofSeconds(9), Samples.contact(0)));
    receiver.next(4);
    restart(endpoint("chat", receiver.url())); // the calls' thread would have told their ends
    List<Receiver.Request> ends = receiver.next(2);
    for (Receiver.Request end : ends) {
      assertThat(new Schemas().problems("webhook.call.finished", end.body())).isEmpty();
      assertThat(end.body().at("/data/reason").textValue()).isEqualTo("the server broke off");
      assertThat(end.body().at("/data").has("start")).isEqualTo(end.call().equals(ran.value()));
    }
    assertThat(ends)
        .extracting(Receiver.Request::call)
        .containsExactlyInAnyOrder(ran.value(), rang.value());
    restart(endpoint("chat", receiver.url()));
    waitFor(() -> pending("chat") == 0);
    assertThat(receiver.requests).as("told once").isEmpty();
  }

  @Test
  void tellsEveryEndpointWhatItWantsAndNoMore() throws Exception {
    try (var recordings = new Receiver();
        var nobody = new Receiver()) {
      restart(
          endpoint("chat", receiver.url()),
          endpoint("recordings", recordings.url(), WebhookType.RECORDING_READY),
          new WebhookEndpoint("nobody", nobody.url(), secrets(), Set.of(), Set.of(OTHER_TEAM)));
      Samples.all(place).forEach(webhooks::happened);
      receiver.next(6);
      assertThat(recordings.next().type()).isEqualTo("recording.ready");
      waitFor(() -> pending("chat") + pending("recordings") == 0);
      assertThat(recordings.requests).isEmpty();
      assertThat(nobody.requests).isEmpty();
    }
  }

  @Test
  void letsOneReceiverThatIsDownHoldUpNoOther() throws Exception {
    restart(endpoint("down", URI.create("http://127.0.0.1:1/")), endpoint("chat", receiver.url()));
    List<CallEvent> events = Samples.all(place);
    events.forEach(webhooks::happened);
    receiver.next(events.size());
    waitFor(() -> pending("chat") == 0);
    assertThat(pending("down")).isEqualTo(events.size());
  }

  @Test
  void makesOnlySoManyRequestsAtATime() throws Exception {
    for (int i = 0; i < 200; i++) {
      webhooks.happened(Samples.started(place, Samples.newCall()));
    }
    Set<String> ids = new HashSet<>();
    receiver.next(200).forEach(request -> ids.add(request.id()));
    assertThat(ids).hasSize(200);
    assertThat(receiver.mostUnderWay.get()).isBetween(1, Backlog.MAX_UNDER_WAY);
  }

  @Test
  void countsWhatThereIsNoRoomFor() throws Exception {
    receiver.answers = request -> 500;
    webhooks.close();
    webhooks = start(5_000, endpoint("chat", receiver.url()));
    for (int i = 0; i < 10; i++) {
      webhooks.happened(Samples.started(place, Samples.newCall()));
    }
    waitFor(() -> pending("chat") + count("dropped", "chat") == 10);
    assertThat(count("dropped", "chat")).isBetween(5.0, 9.0);
  }

  private Webhooks start(WebhookEndpoint... endpoints) throws IOException {
    return start(ROOM, endpoints);
  }

  private Webhooks start(long room, WebhookEndpoint... endpoints) throws IOException {
    metrics.clear();
    var settings = new Webhooks.Settings(folder, room, IMPATIENT, Arrays.asList(endpoints));
    return Webhooks.start(settings, Clock.systemUTC(), metrics);
  }

  private void restart(WebhookEndpoint... endpoints) throws Exception {
    webhooks.close();
    webhooks = start(endpoints);
  }

  private static WebhookEndpoint endpoint(String name, URI url, WebhookType... events) {
    return new WebhookEndpoint(name, url, secrets(), Set.of(events), Set.of());
  }

  private static List<WebhookSecret> secrets() {
    return List.of(WebhookSecret.of("whsec_" + "A".repeat(40)), WebhookSecret.of(Receiver.SECRET));
  }

  private double count(String what, String endpoint) {
    return metrics.counter("parley.webhooks." + what, "endpoint", endpoint).count();
  }

  private double pending(String endpoint) {
    return metrics.get("parley.webhooks.pending").tag("endpoint", endpoint).gauge().value();
  }

  private static void waitFor(BooleanSupplier condition) {
    long untilNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(untilNs);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
