package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.IsoTime;

/** A process is killed in the middle, again and again; its receiver errs and stays silent. */
@Tag("slow")
@Timeout(180)
class OutboxKillTest {

  private static final int LIVES = 6;
  private static final int CALLS = 15;
  private static final RetryTimes IMPATIENT =
      new RetryTimes(
          Duration.ofSeconds(2), Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofHours(1));

  @TempDir Path folder;

  /**
   * What is killed: tells of one call after the other until then. The order of a call's events
   * stands in their times.
   */
  public static final class Victim {
    public static void main(String[] args) throws Exception {
      try (Webhooks webhooks = open(Path.of(args[0]), URI.create(args[1]))) {
        if (args[2].equals("quiet")) {
          System.in.read(); // until the parent has seen enough
          return;
        }
        List<CallId> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          calls.add(Samples.newCall());
        }
        var random = new Random();
        for (int step = 0; ; step++) {
          CallId call = calls.get(random.nextInt(CALLS));
          var at = new IsoTime(Samples.BEGAN.plusSeconds(step));
          var ready = Samples.ready(Samples.group(), call);
          webhooks.happened(
              new CallEvent.RecordingReady(call, ready.place(), at, ready.directory()));
          LockSupport.parkNanos(500_000);
        }
      }
    }

    private static Webhooks open(Path folder, URI url) throws Exception {
      var endpoint =
          new WebhookEndpoint(
              "chat", url, List.of(WebhookSecret.of(Receiver.SECRET)), Set.of(), Set.of());
      return Webhooks.start(
          new Webhooks.Settings(folder, 64 << 20, IMPATIENT, List.of(endpoint)),
          Clock.systemUTC(),
          new SimpleMeterRegistry());
    }
  }

  @Test
  void losesNothingThatWasOnDiskAndKeepsTheOrder() throws Exception {
    try (var receiver = new Receiver()) {
      var random = new Random(7);
      receiver.answers =
          request -> {
            int dice = random.nextInt(20);
            return dice == 0 ? Receiver.SILENT : dice < 8 ? 503 : 200;
          };
      List<Receiver.Request> requests = new ArrayList<>();
      for (int life = 0; life < LIVES; life++) {
        Process victim = start(receiver, "busy");
        requests.addAll(receiver.next(60 + random.nextInt(60)));
        victim.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      receiver.answers = request -> 200;
      Process heir = start(receiver, "quiet");
      Map<String, Receiver.Request> delivered = new LinkedHashMap<>();
      Set<String> owed = new TreeSet<>();
      requests.forEach(request -> owed.add(request.id()));
      for (Receiver.Request request : requests) {
        if (request.status() == 200) {
          delivered.putIfAbsent(request.id(), request);
        }
      }
      // Whatever was sent at all had been on disk.
      while (!delivered.keySet().containsAll(owed)) {
        Receiver.Request request = receiver.next();
        owed.add(request.id());
        if (request.status() == 200) {
          delivered.putIfAbsent(request.id(), request);
        }
      }
      heir.getOutputStream().close();
      assertThat(heir.waitFor(30, TimeUnit.SECONDS)).isTrue();
      receiver.requests.forEach(request -> delivered.putIfAbsent(request.id(), request));

      Map<String, List<String>> times = new HashMap<>();
      for (Receiver.Request request : delivered.values()) {
        times
            .computeIfAbsent(request.call(), call -> new ArrayList<>())
            .add(request.body().path("timestamp").asText());
      }
      assertThat(times).hasSizeGreaterThan(CALLS);
      times.forEach(
          (call, each) -> assertThat(each).as(call).isSortedAccordingTo(Comparator.naturalOrder()));
    }
  }

  private Process start(Receiver receiver, String how) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            folder.toString(),
            receiver.url().toString(),
            how)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
