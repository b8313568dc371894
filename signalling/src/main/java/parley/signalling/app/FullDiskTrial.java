package parley.signalling.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RelayEvent;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;

/**
 * The disk fills up while a call is recorded: on a small disk of its own, which only root can
 * mount. Space comes back before the call ends, after it has ended, or only after the process has
 * been killed and another one has been started on the full disk.
 */
final class FullDiskTrial {

  private static final String FULL = "The disk for recordings is full.";

  /** When space comes back. */
  private enum Relief {
    DURING_THE_CALL,
    AFTER_THE_CALL,
    AFTER_A_RESTART
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path disk;
  private final SigningKey key;
  private final Random random;
  private final BlockingQueue<RelayEvent> events = new LinkedBlockingQueue<>();

  private FullDiskTrial(Path disk, SigningKey key, Random random) {
    this.disk = disk;
    this.key = key;
    this.random = random;
  }

  /** Fills so many disks; says why when it cannot. */
  static void run(int times, Path folder, SigningKey key, Random random, Verdicts verdicts)
      throws IOException, InterruptedException {
    for (int i = 1; i <= times; i++) {
      Path disk = Files.createDirectories(folder.resolve("disk-" + i));
      if (!command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString())) {
        verdicts.skip("full disks: only root can mount the small disk that they are tried on");
        return;
      }
      try {
        Relief relief = Relief.values()[random.nextInt(Relief.values().length)];
        new FullDiskTrial(disk, key, random).run(i, relief, verdicts);
      } finally {
        command("umount", disk.toString());
      }
    }
  }

  private void run(int number, Relief relief, Verdicts verdicts)
      throws IOException, InterruptedException {
    Recorder recorder = recorder();
    var call = new SyntheticCall(recorder);
    int fullAtMs = 300 + random.nextInt(2500);
    while (call.saidMs() < fullAtMs) {
      call.sayInTime();
    }
    Path filler = fill();
    List<String> wrong = new ArrayList<>();
    if (!awaitFull(call)) {
      wrong.add("nobody was told that the disk is full");
    }
    new SyntheticCall(recorder).close(); // another call meanwhile
    if (!awaitOff(FULL)) {
      wrong.add("a call was taken on that cannot be recorded");
    }
    sayOn(call, 500);
    if (relief == Relief.DURING_THE_CALL) {
      Files.delete(filler);
      sayOn(call, 500);
    }
    call.close();
    if (relief == Relief.AFTER_A_RESTART) {
      recorder.close(); // as much as it can do; the next one meets the full disk
      recorder = recorder();
      recorder.awaitRecovery();
    }
    if (relief != Relief.DURING_THE_CALL) {
      Files.delete(filler);
    }
    Path folder = await(() -> closed() != null) ? closed() : null;
    if (folder == null) {
      wrong.add("the recording was not closed when there was space again");
    } else {
      Held held = Held.look(folder, key.publicKey(), call.saidMs(), fullAtMs, "stopped");
      wrong.addAll(held.wrong());
      if (held.end().equals("complete")) {
        wrong.add("it says that it is complete");
      }
    }
    var after = new SyntheticCall(recorder);
    sayOn(after, 300);
    after.close();
    if (!awaitReady(after)) {
      wrong.add("the next call was not recorded");
    }
    recorder.close();
    verdicts.say(
        wrong.isEmpty(),
        "full disk %d, %d ms into a call, space again %s: %s",
        number,
        fullAtMs,
        relief.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        wrong.isEmpty() ? "sealed, the ledger is right, the next call is recorded" : wrong);
  }

  private Recorder recorder() {
    return new Recorder(disk, Clock.systemUTC(), key, events::add);
  }

  private static void sayOn(SyntheticCall call, long ms) {
    long until = call.saidMs() + ms;
    while (call.saidMs() < until) {
      call.sayInTime();
    }
  }

  /** Takes every byte that is left. */
  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      return filler; // that was the last one
    }
  }

  private boolean awaitFull(SyntheticCall call) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      call.sayInTime();
      if (events.removeIf(event -> isOff(event, FULL))) {
        return true;
      }
    }
    return false;
  }

  private boolean awaitOff(String reason) throws InterruptedException {
    return await(() -> events.removeIf(event -> isOff(event, reason)));
  }

  private boolean awaitReady(SyntheticCall call) throws InterruptedException {
    return await(
        () ->
            events.removeIf(
                event ->
                    event instanceof RelayEvent.RecordingReady ready
                        && ready.call().equals(call.id())));
  }

  private static boolean isOff(RelayEvent event, String reason) {
    return event instanceof RelayEvent.Recording off && !off.on() && off.reason().equals(reason);
  }

  /** The folder of the only recording, when it has no marker any more. */
  private @Nullable Path closed() {
    try (Stream<Path> tree = Files.walk(disk, 3)) {
      List<Path> files = tree.toList();
      boolean open = files.stream().anyMatch(file -> file.endsWith(".recording"));
      return open
          ? null
          : files.stream()
              .filter(file -> file.endsWith("call.json"))
              .map(Path::getParent)
              .findFirst()
              .orElse(null);
    } catch (IOException | UncheckedIOException e) {
      return null; // something was just being removed
    }
  }

  private static boolean await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }

  private static boolean command(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
