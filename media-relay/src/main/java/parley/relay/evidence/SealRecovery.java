package parley.relay.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Closes the seal of a recording whose process died: what it had not sealed yet is marked so. */
public final class SealRecovery {

  private SealRecovery() {}

  /**
   * Seals what is there. A seal that was closed stays as it is; half a last line goes.
   *
   * @param documents files that are sealed as a whole
   * @param tracks how the names of tracks end
   */
  public static void seal(
      Path folder, List<String> documents, String tracks, Instant when, SigningKey key)
      throws IOException {
    Path file = folder.resolve(Seal.FILE);
    byte[] content =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) <= SealReader.MAX_BYTES
            ? Files.readAllBytes(file)
            : new byte[0];
    var read = new SealReader(content);
    boolean whole = !read.lines().isEmpty() && !read.breaks();
    if (!whole || read.rest().isPresent()) {
      return; // never sealed, or closed already, or not as we left it: for a verifier to tell
    }
    if (read.lines().getLast().words()[0].equals("end")) {
      try (Seal seal = Seal.resume(folder, key, read.end(), read.link())) {
        seal.sign();
      }
      return;
    }
    var sealedTo = new TreeMap<String, Long>();
    for (SealReader.Line line : read.lines()) {
      String[] words = line.words();
      if (words.length == 5 && words[0].equals("segment")) {
        sealedTo.put(words[4], Long.parseLong(words[1]) + Long.parseLong(words[2]));
      }
    }
    try (Seal seal = Seal.resume(folder, key, read.end(), read.link());
        Stream<Path> files = Files.list(folder)) {
      for (Path track : files.filter(f -> f.toString().endsWith(tracks)).sorted().toList()) {
        String name = String.valueOf(track.getFileName());
        long from = sealedTo.getOrDefault(name, 0L);
        long length = Files.size(track) - from;
        if (length > 0) {
          seal.recovered(name, from, length, SealVerifier.hash(track, from, length));
        }
      }
      for (String document : documents) {
        if (Files.isRegularFile(folder.resolve(document))) {
          seal.document(document);
        }
      }
      seal.end(Seal.End.INTERRUPTED, when);
    }
  }
}
