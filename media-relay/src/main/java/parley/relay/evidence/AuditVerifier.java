package parley.relay.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an audit log: line for line as far as it holds, then names the first line that does not.
 * Needs the folder and the public key, nothing but the JDK; changes nothing.
 */
public final class AuditVerifier {

  /** What a line is called that says which file went because the log was full. */
  static final String DROPPED = "audit.dropped";

  /** A file is read whole; the log begins a new one long before. */
  private static final long MAX_FILE_BYTES = 256L * 1024 * 1024;

  private final Path directory;
  private final PublicKey key;
  private final List<Finding> findings = new ArrayList<>();
  private final List<AuditLine> drops = new ArrayList<>();
  private @Nullable AuditLine first;
  private @Nullable AuditLine last;
  private @Nullable AuditLine atHead;
  private Optional<AuditLine> head = Optional.empty();
  private long lines;

  private AuditVerifier(Path directory, PublicKey key) {
    this.directory = directory;
    this.key = key;
  }

  /**
   * Verifies a log.
   *
   * @throws IOException when something cannot be read
   */
  public static AuditVerdict verify(Path directory, PublicKey key) throws IOException {
    return new AuditVerifier(directory, key).verify();
  }

  private AuditVerdict verify() throws IOException {
    Path headFile = directory.resolve(AuditLog.HEAD);
    boolean headThere = Files.isRegularFile(headFile, LinkOption.NOFOLLOW_LINKS);
    if (headThere) {
      head = AuditLog.readHead(headFile);
    }
    for (Path file : AuditLog.files(directory)) {
      if (findings.isEmpty()) {
        read(file);
      }
    }
    if (findings.isEmpty()) {
      checkBeginning();
    }
    if (findings.isEmpty()) {
      checkHead(headThere);
    }
    return new AuditVerdict(
        lines,
        first == null ? 0 : first.n(),
        last == null ? 0 : last.n(),
        last == null ? AuditLine.START : last.sha256(),
        findings);
  }

  private void read(Path file) throws IOException {
    String name = AuditLog.name(file);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) > MAX_FILE_BYTES) {
      find(name, 0, 0, "this is no file of an audit log");
      return;
    }
    byte[] content = Files.readAllBytes(file);
    int from = 0;
    while (from < content.length && findings.isEmpty()) {
      int to = from;
      while (to < content.length && content[to] != '\n') {
        to++;
      }
      if (to == content.length) {
        find(name, from, to, "half a line, as a crash leaves it; the next start takes it off");
      } else {
        readLine(name, content, from, to);
      }
      from = to + 1;
    }
  }

  private void readLine(String name, byte[] content, int from, int to) {
    AuditLine line = text(content, from, to).flatMap(AuditLine::tryParse).orElse(null);
    long expected = last == null ? 0 : last.n() + 1;
    if (line == null) {
      find(name, from, to + 1, which(expected) + " is none that was written here");
    } else if (expected > 0 && line.n() != expected) {
      find(name, from, to + 1, which(expected) + " should stand here, not number " + line.n());
    } else if (last != null && !line.follows(last)) {
      find(name, from, to + 1, which(expected) + " does not follow from the line before it");
    } else if (!line.isSignedBy(key)) {
      find(name, from, to + 1, which(line.n()) + " was not signed with this key, or was changed");
    } else if (line.n() == 1 && !line.before().equals(AuditLine.START)) {
      find(name, from, to + 1, "line 1 follows from a line that is not there");
    } else if (last == null && !name.equals(fileOf(line))) {
      find(name, from, to + 1, "the lines of this file before number " + line.n() + " are gone");
    } else {
      take(line);
    }
  }

  private void take(AuditLine line) {
    lines++;
    first = first == null ? line : first;
    last = line;
    if (line.text().contains("\"what\":\"" + DROPPED + "\"")) {
      drops.add(line);
    }
    if (head.filter(h -> h.text().equals(line.text())).isPresent()) {
      atHead = line;
    }
  }

  /** Lines before the first one are missing by rule, if a later one says so. */
  private void checkBeginning() {
    if (first == null || first.n() == 1) {
      return;
    }
    String said = " number " + (first.n() - 1) + ", SHA-256 " + first.before() + "\"";
    if (drops.stream().noneMatch(line -> line.text().contains(said))) {
      find(fileOf(first), 0, 0, "the lines before number " + first.n() + " are gone");
    }
  }

  private void checkHead(boolean there) {
    AuditLine end = last;
    if (!there) {
      if (end != null && end.n() > 1) {
        find(AuditLog.HEAD, 0, 0, "it is gone, so lines may have been cut off behind " + end.n());
      }
      return;
    }
    if (head.isEmpty() || !head.get().isSignedBy(key)) {
      find(AuditLog.HEAD, 0, 0, "this is none that was written here");
    } else if (end == null || atHead == null) {
      long n = head.get().n();
      find(AuditLog.HEAD, 0, 0, "it speaks of line " + n + ", which is not in the log any more");
    } else if (!atHead.text().equals(end.text()) && !end.follows(atHead)) {
      find(
          AuditLog.HEAD,
          0,
          0,
          "it speaks of line "
              + atHead.n()
              + " as the last one, not of the"
              + " last one, "
              + end.n());
    }
  }

  private static String fileOf(AuditLine line) {
    return String.format(java.util.Locale.ROOT, "audit-%018d.jsonl", line.n());
  }

  private static String which(long n) {
    return n == 0 ? "the first line" : "line " + n;
  }

  private static Optional<String> text(byte[] content, int from, int to) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(content, from, to - from))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private void find(String file, long from, long to, String what) {
    findings.add(new Finding(file, from, to, what));
  }

  /** What somebody who has only a JDK starts: FOLDER PUBLIC-KEY. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: FOLDER PUBLIC-KEY");
      System.exit(2);
    }
    AuditVerdict verdict = verify(Path.of(args[0]), SigningKey.readPublic(Path.of(args[1])));
    verdict.findings().forEach(finding -> System.out.println(finding));
    System.out.println(
        verdict.proven()
            ? "proven: " + verdict.lines() + " lines up to number " + verdict.last()
            : "NOT PROVEN");
    System.exit(verdict.proven() ? 0 : 1);
  }
}
