package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.evidence.Tampering;
import parley.relay.evidence.Verdict;
import parley.relay.recording.Recorder;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyRing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley recordings selftest}. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = {
      "Records calls of its own in a temporary folder, damages them and an audit log, kills the"
          + " process that records and fills its disk, and prints a verdict a line. Takes about"
          + " half a minute.%n",
      "Exit code: 0 when every line says ok.%n"
    })
final class RecordingsSelftest implements Callable<Integer> {

  @Option(
      names = "--damages",
      paramLabel = "N",
      description = "How many damages to try (default: ${DEFAULT-VALUE}).")
  private int damages = 1000;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How many times to kill the recording process (default: ${DEFAULT-VALUE}).")
  private int kills = 5;

  @Option(
      names = "--full-disks",
      paramLabel = "N",
      description = "How many times to fill the disk; needs root (default: ${DEFAULT-VALUE}).")
  private int fullDisks = 2;

  @Option(names = "--full", description = "100 kills and 20 full disks: takes about ten minutes.")
  private boolean full;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeats the choices of an earlier run.")
  private long seed = System.nanoTime();

  private final Verdicts verdicts = new Verdicts();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Log.level("error"); // what is logged of killed processes is what was asked for
    System.out.println("seed " + seed);
    Path folder = Files.createTempDirectory("parley-selftest");
    try {
      var random = new Random(seed);
      Path keyFile = folder.resolve("seal.key");
      SigningKey key = SigningKey.open(keyFile);
      byte[] secret = new byte[32];
      new SecureRandom().nextBytes(secret);
      Path kek = folder.resolve("kek.key");
      Files.writeString(kek, Base64.getEncoder().encodeToString(secret));
      var ring = new KeyRing(List.of(KeyAddress.open("file:" + kek, new char[0])), List.of());
      Path whole = record(folder.resolve("whole"), key, KeyRing.NONE, "unencrypted");
      tryDamages(folder, whole, key, random);
      whole = record(folder.resolve("encrypted"), key, ring, "encrypted");
      tryDamages(folder, whole, key, random);
      new AuditTrial(folder, key, random).run(damages, verdicts);
      new KillTrial(Files.createDirectory(folder.resolve("killed")), keyFile, kek, random)
          .run(full ? 100 : kills, verdicts);
      FullDiskTrial.run(full ? 20 : fullDisks, folder, key, random, verdicts);
    } finally {
      delete(folder);
    }
    return verdicts.failed() ? 1 : 0;
  }

  /** A call of two people and half a minute, as fast as it can be written. */
  private Path record(Path directory, SigningKey key, KeyRing ring, String kind)
      throws IOException {
    try (var recorder = new Recorder(directory, Clock.systemUTC(), key, ring, event -> {})) {
      SyntheticCall.record(recorder, Duration.ofSeconds(30));
    }
    Path recording = only(directory);
    Verdict verdict = SealVerifier.verify(recording, key.publicKey());
    verdicts.say(
        verdict.proven() && verdict.end().equals("complete"),
        "an untouched %s recording is proven without a key: %d files, %d segments",
        kind,
        verdict.files(),
        verdict.segments());
    return recording;
  }

  private void tryDamages(Path folder, Path whole, SigningKey key, Random random)
      throws IOException {
    Path damaged = folder.resolve("damaged");
    int found = 0;
    int named = 0;
    for (int i = 0; i < damages; i++) {
      Files.createDirectory(damaged);
      try (Stream<Path> files = Files.list(whole)) {
        for (Path file : files.toList()) {
          Files.copy(file, damaged.resolve(file.getFileName()));
        }
      }
      Tampering.Damage damage = Tampering.apply(damaged, random);
      Verdict verdict = SealVerifier.verify(damaged, key.publicKey());
      found += verdict.proven() ? 0 : 1;
      boolean isNamed = names(verdict, damage);
      named += isNamed ? 1 : 0;
      if (!isNamed) {
        System.out.println("        not named: " + damage + " in " + verdict.findings());
      }
      delete(damaged);
    }
    verdicts.say(found == damages, "damages detected: %d of %d", found, damages);
    verdicts.say(named == damages, "damages named by file and place: %d of %d", named, damages);
  }

  private static boolean names(Verdict verdict, Tampering.Damage damage) {
    return verdict.findings().stream()
        .filter(finding -> finding.file().equals(damage.file()))
        .findFirst()
        .filter(f -> f.from() <= damage.at() && damage.at() <= f.to()) // what was cut off is behind
        .isPresent();
  }

  private static Path only(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory, 2)) {
      List<Path> found =
          tree.filter(path -> directory.relativize(path).getNameCount() == 2).toList();
      if (found.size() != 1) {
        throw new IOException("expected one recording in " + directory + ", found " + found.size());
      }
      return found.getFirst();
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
