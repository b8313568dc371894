package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import parley.relay.evidence.AuditEntry;
import parley.relay.evidence.AuditLog;
import parley.relay.evidence.AuditVerdict;
import parley.relay.evidence.AuditVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.evidence.Tampering;
import parley.relay.evidence.Tampering.Damage;
import parley.relay.evidence.Tampering.Kind;

/** Damages an audit log, as {@link RecordingsSelftest} does with recordings. */
final class AuditTrial {

  /** Each is long, so that they fill several files. */
  private static final int LINES = 120;

  private final Path folder;
  private final SigningKey key;
  private final Random random;

  AuditTrial(Path folder, SigningKey key, Random random) {
    this.folder = folder;
    this.key = key;
    this.random = random;
  }

  void run(int damages, Verdicts verdicts) throws IOException {
    Path whole = folder.resolve("audit");
    AuditLog log = AuditLog.open(whole, key, Clock.systemUTC(), 1);
    for (int i = 0; i < LINES; i++) {
      String why = "case " + i + ": " + "reasons ".repeat(30);
      log.write(new AuditEntry("auditor", "recordings.play", "call", why, "", AuditEntry.ALLOWED));
    }
    AuditVerdict untouched = AuditVerifier.verify(whole, key.publicKey());
    verdicts.say(
        untouched.proven() && untouched.lines() == LINES,
        "an untouched audit log is proven: %d lines",
        untouched.lines());
    int found = 0;
    int held = 0;
    for (int i = 0; i < damages; i++) {
      Path damaged = Files.createDirectory(folder.resolve("damaged-audit"));
      copy(whole, damaged);
      Damage damage = Tampering.apply(damaged, kind(), random);
      AuditVerdict verdict = AuditVerifier.verify(damaged, key.publicKey());
      boolean isFound = !verdict.proven();
      // Where the first file is gone, the lines behind it hold, and the verdict says that it is
      // gone.
      boolean isHeld = verdict.first() > 1 || verdict.lines() <= linesBefore(whole, damage);
      found += isFound ? 1 : 0;
      held += isHeld ? 1 : 0;
      if (!isFound || !isHeld) {
        System.out.println("        " + damage + " is " + verdict);
      }
      RecordingsSelftest.delete(damaged);
    }
    verdicts.say(found == damages, "damages to the audit log detected: %d of %d", found, damages);
    verdicts.say(
        held == damages, "of which no line holds that the damage touches: %d of %d", held, damages);
  }

  /** A file more beside the log changes nothing in it. */
  private Kind kind() {
    List<Kind> kinds = Stream.of(Kind.values()).filter(kind -> kind != Kind.ADD).toList();
    return kinds.get(random.nextInt(kinds.size()));
  }

  /** Whole lines in front of the damage; all of them where it is in the head. */
  private static long linesBefore(Path whole, Damage damage) throws IOException {
    long lines = 0;
    for (Path file : logFiles(whole)) {
      byte[] content = Files.readAllBytes(file);
      int order = String.valueOf(file.getFileName()).compareTo(damage.file());
      long to = order < 0 ? content.length : order == 0 ? damage.at() : 0;
      for (int i = 0; i < to; i++) {
        lines += content[i] == '\n' ? 1 : 0;
      }
    }
    return damage.file().startsWith("audit-") ? lines : LINES;
  }

  private static List<Path> logFiles(Path directory) throws IOException {
    try (Stream<Path> listed = Files.list(directory)) {
      return listed
          .filter(file -> String.valueOf(file.getFileName()).startsWith("audit-"))
          .sorted()
          .toList();
    }
  }

  /** Without the lock, which says nothing. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("audit.lock")) {
          Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
        }
      }
    }
  }
}
