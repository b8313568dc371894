package parley.relay.evidence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lines of the audit log that are about one recording, as they stand there. Each is signed by
 * itself, so each can be proven without the others; that none is missing only the whole log can
 * tell.
 */
public final class AuditExtract {

  private static final String ON = ",\"on\":\"";
  private static final String WHY = "\",\"why\":\"";

  private AuditExtract() {}

  /**
   * Copies the lines.
   *
   * @param directory of the log; when there is none, nothing is written
   * @param about what they are about has one of these in it: uid of the call, name of the folder
   * @return number of lines
   */
  public static int write(Path directory, List<String> about, OutputStream out) throws IOException {
    int lines = 0;
    if (!Files.isDirectory(directory)) {
      return lines;
    }
    for (Path file : AuditLog.files(directory)) {
      try (Stream<String> all = Files.lines(file)) {
        for (String line : (Iterable<String>) all::iterator) {
          String on = on(line);
          if (about.stream().anyMatch(word -> !word.isEmpty() && on.contains(word))) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            lines++;
          }
        }
      } catch (UncheckedIOException e) {
        throw new IOException("the audit log cannot be read: " + e.getMessage(), e);
      }
    }
    return lines;
  }

  /** A quotation mark within a value has a backslash before it, so these words are the frame. */
  private static String on(String line) {
    int from = line.indexOf(ON);
    int to = line.indexOf(WHY, from);
    return from < 0 || to < 0 ? "" : line.substring(from + ON.length(), to);
  }

  /**
   * Verifies an extract.
   *
   * @param name of the file, for what is found
   * @param findings gets the first line that does not hold
   * @return number of lines that do
   */
  static int verify(Path file, String name, PublicKey key, List<Finding> findings)
      throws IOException {
    int lines = 0;
    long at = 0;
    long last = 0;
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String raw = reader.readLine(); raw != null; raw = reader.readLine()) {
        String text = new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        long to = at + raw.length() + 1;
        Optional<AuditLine> line = AuditLine.tryParse(text);
        boolean holds = line.isPresent() && line.get().n() > last && line.get().isSignedBy(key);
        if (!holds) {
          findings.add(new Finding(name, at, to, "this line is none of the audit log's"));
          return lines;
        }
        last = line.get().n();
        at = to;
        lines++;
      }
    }
    return lines;
  }
}
