package parley.relay.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The seal of a recording whose process died, and what is still to do for it. Closing it can itself
 * be interrupted, anywhere and as often as it takes: what is in the seal is never written again.
 */
public final class SealRecovery {

  /** How far the process had come. */
  public enum State {
    /** There is no seal, or not one whole line of it. */
    NONE,
    /** Tracks are sealed up to some place. */
    OPEN,
    /** The description is sealed: it must stay as it is. Only the end is missing. */
    DESCRIBED,
    /** Nothing is missing. */
    CLOSED,
    /** The chain breaks: not as we left it. For a verifier to tell, and not ours to mend. */
    BROKEN
  }

  private final Path folder;
  private final SealReader read;
  private final State state;

  private SealRecovery(Path folder, SealReader read, State state) {
    this.folder = folder;
    this.read = read;
    this.state = state;
  }

  /** Reads the seal in a folder; changes nothing. */
  public static SealRecovery of(Path folder) throws IOException {
    Path file = folder.resolve(Seal.FILE);
    boolean there = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    if (there && Files.size(file) > SealReader.MAX_BYTES) {
      return new SealRecovery(folder, new SealReader(new byte[0]), State.BROKEN);
    }
    var read = new SealReader(there ? Files.readAllBytes(file) : new byte[0]);
    return new SealRecovery(folder, read, state(read));
  }

  private static State state(SealReader read) {
    if (read.breaks()) {
      return State.BROKEN;
    }
    if (read.rest().isPresent()) {
      return State.CLOSED;
    }
    if (read.lines().isEmpty()) {
      return State.NONE;
    }
    boolean described =
        read.lines().stream().map(line -> line.words()[0]).anyMatch(w -> w.equals("document"));
    return described ? State.DESCRIBED : State.OPEN;
  }

  public State state() {
    return state;
  }

  /** The call it is about, as the seal says; empty when it does not. */
  public String call() {
    return callWord(1);
  }

  /** When it began, as the seal says; empty when it does not. */
  public String started() {
    return callWord(2);
  }

  private String callWord(int index) {
    return read.lines().stream()
        .map(SealReader.Line::words)
        .filter(words -> words.length == 3 && words[0].equals("call"))
        .map(words -> words[index])
        .findFirst()
        .orElse("");
  }

  /**
   * Seals what is there and is not sealed yet, marked as {@code recovered}, and signs. Half a last
   * line goes.
   *
   * @param documents files that are sealed as a whole
   * @param tracks which files are tracks, by name
   * @param how the recording ended
   */
  public void seal(
      List<String> documents, Predicate<String> tracks, Seal.End how, Instant when, SigningKey key)
      throws IOException {
    if (state != State.OPEN && state != State.DESCRIBED) {
      return;
    }
    try (Seal seal = Seal.resume(folder, key, read.end(), read.link())) {
      if (read.lines().getLast().words()[0].equals("end")) {
        seal.sign();
        return;
      }
      if (state == State.OPEN) {
        sealTracks(seal, tracks);
      }
      Set<String> sealed = sealedDocuments();
      for (String document : documents) {
        if (!sealed.contains(document) && Files.isRegularFile(folder.resolve(document))) {
          seal.document(document);
        }
      }
      seal.end(how, when);
    }
  }

  private void sealTracks(Seal seal, Predicate<String> tracks) throws IOException {
    var sealedTo = new TreeMap<String, Long>();
    for (SealReader.Line line : read.lines()) {
      String[] words = line.words();
      if (words.length == 5 && (words[0].equals("segment") || words[0].equals("recovered"))) {
        sealedTo.put(words[4], Long.parseLong(words[1]) + Long.parseLong(words[2]));
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path track : files.sorted().toList()) {
        String name = String.valueOf(track.getFileName());
        if (!tracks.test(name)) {
          continue;
        }
        long from = sealedTo.getOrDefault(name, 0L);
        long length = Files.size(track) - from;
        if (length > 0) {
          seal.recovered(name, from, length, SealVerifier.hash(track, from, length));
        }
      }
    }
  }

  private Set<String> sealedDocuments() {
    Set<String> sealed = new HashSet<>();
    for (SealReader.Line line : read.lines()) {
      String[] words = line.words();
      if (words.length == 4 && words[0].equals("document")) {
        sealed.add(words[3]);
      }
    }
    return sealed;
  }
}
