package parley.signalling.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

/**
 * A process that records is killed at random moments and started again on what it has left: while
 * calls begin, run and end, and while it still closes what the one before it left behind.
 */
final class KillTrial {

  /** A JVM needs about half of it to start; the rest is a call or two, and recovery before that. */
  private static final int LONGEST_LIFE_MS = 4000;

  private final Path directory;
  private final Path keyFile;
  private final Path kekFile;
  private final Random random;
  private final Map<String, Told> calls = new LinkedHashMap<>();

  /** What the process said of a call before it died. */
  private static final class Told {
    final int kill;
    long saidMs;
    boolean ready;
    String sealed = "";

    Told(int kill) {
      this.kill = kill;
    }
  }

  /**
   * @param keyFile of the key that signs
   * @param kekFile of the key that every other process encrypts with
   */
  KillTrial(Path directory, Path keyFile, Path kekFile, Random random) {
    this.directory = directory;
    this.keyFile = keyFile;
    this.kekFile = kekFile;
    this.random = random;
  }

  /** Kills so many processes, then looks at every recording. */
  void run(int kills, Verdicts verdicts) throws IOException, InterruptedException {
    for (int kill = 1; kill <= kills; kill++) {
      killOne(kill);
    }
    SigningKey key = SigningKey.open(keyFile);
    try (var next = new Recorder(directory, Clock.systemUTC(), key, event -> {})) {
      next.awaitRecovery();
    }
    KeyRing ring = new KeyRing(List.of(), List.of(KeyAddress.open("file:" + kekFile, new char[0])));
    Map<String, Path> folders = folders();
    for (Map.Entry<String, Told> call : calls.entrySet()) {
      look(call.getValue(), folders.remove(call.getKey()), key, ring, verdicts);
    }
    for (Path folder : folders.values()) {
      verdicts.say(false, "nobody said that there is a call %s", folder.getFileName());
    }
  }

  private void killOne(int kill) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RecordingVictim.class.getName(),
                directory.toString(),
                keyFile.toString(),
                String.valueOf(random.nextLong())));
    if (kill % 2 == 0) {
      command.add("file:" + kekFile);
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var out = process.inputReader()) {
      Thread killer = Thread.ofVirtual().unstarted(() -> kill(process));
      Told now = null;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (killer.getState() == Thread.State.NEW) {
          killer.start();
        }
        now = told(kill, line, now);
      }
      killer.join();
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    rememberSeals();
  }

  private void kill(Process process) {
    try {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // SIGKILL; by its handle, as Process would also close what it said last.
    process.toHandle().destroyForcibly();
  }

  private @Nullable Told told(int kill, String line, @Nullable Told now) {
    String value = line.substring(line.indexOf(' ') + 1);
    if (line.startsWith("call ")) {
      Told begun = new Told(kill);
      calls.put(value, begun);
      return begun;
    }
    if (line.startsWith("said ") && now != null) {
      now.saidMs = Long.parseLong(value);
    }
    Told ready = calls.get(value);
    if (line.startsWith("ready ") && ready != null) {
      ready.ready = true;
    }
    return now;
  }

  /** What was sealed when the process died, whole lines: it must still be sealed at the end. */
  private void rememberSeals() throws IOException {
    for (Map.Entry<String, Path> folder : folders().entrySet()) {
      Told call = calls.get(folder.getKey());
      Path seal = folder.getValue().resolve(Seal.FILE);
      if (call != null && call.sealed.isEmpty() && Files.exists(seal)) {
        String text = Files.readString(seal);
        call.sealed = text.substring(0, text.lastIndexOf('\n') + 1);
      }
    }
  }

  private Map<String, Path> folders() throws IOException {
    Map<String, Path> found = new LinkedHashMap<>();
    try (Stream<Path> tree = Files.walk(directory, 2)) {
      List<Path> folders =
          tree.filter(path -> directory.relativize(path).getNameCount() == 2)
              .filter(Files::isDirectory)
              .sorted()
              .toList();
      folders.forEach(
          folder -> found.put(String.valueOf(folder.getFileName()).substring(7), folder));
    }
    return found;
  }

  private static void look(
      Told told, @Nullable Path folder, SigningKey key, KeyRing ring, Verdicts verdicts)
      throws IOException {
    if (folder == null) {
      verdicts.say(
          told.saidMs < 1000 && !told.ready,
          "kill %d, %d ms into a call: nothing of it was on disk yet",
          told.kill,
          told.saidMs);
      return;
    }
    Held held = Held.look(folder, key.publicKey(), told.saidMs, told.saidMs, "crash");
    List<String> wrong = new ArrayList<>(held.wrong());
    String seal = Files.readString(folder.resolve(Seal.FILE));
    if (!seal.startsWith(told.sealed)) {
      wrong.add("what was sealed before is sealed no more");
    }
    String encrypted = "";
    try (RecordingReader reader = RecordingReader.open(folder, ring)) {
      for (String track : reader.tracks()) {
        encrypted = track.endsWith(RecordingReader.ENCRYPTED) ? " encrypted" : "";
        try (InputStream in = reader.track(track)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      wrong.add("it cannot be read: " + e.getMessage());
    }
    if (told.ready && !held.end().equals("complete")) {
      wrong.add("it had been told complete");
    }
    if (held.end().equals("complete") && wrong.isEmpty()) {
      return; // of a call that was over; only what is wrong is told
    }
    verdicts.say(
        wrong.isEmpty(),
        "kill %d, %d ms into an%s call: %s, %d ms lost, score %.4f%s",
        told.kill,
        told.saidMs,
        encrypted.isEmpty() ? " unencrypted" : encrypted,
        held.end(),
        held.lostMs(),
        held.score(),
        wrong.isEmpty() ? "" : ": " + String.join("; ", wrong));
  }
}
