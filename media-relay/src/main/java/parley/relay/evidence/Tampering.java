package parley.relay.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Damages a recording as somebody might who wants it to say something else: what verification has
 * to find. For trials; it changes the files it is given.
 */
public final class Tampering {

  /** A sort of damage. */
  public enum Kind {
    FLIP,
    CUT,
    SWAP,
    DUPLICATE,
    REORDER,
    APPEND,
    REMOVE,
    ADD
  }

  /**
   * What was done.
   *
   * @param file name in the folder
   * @param at first byte that may differ
   */
  public record Damage(Kind kind, String file, long at) {}

  private Tampering() {}

  /** Does one of them at a random place of a random file. */
  public static Damage apply(Path folder, RandomGenerator random) throws IOException {
    return apply(folder, Kind.values()[random.nextInt(Kind.values().length)], random);
  }

  /** Does this at a random place of a random file. */
  public static Damage apply(Path folder, Kind kind, RandomGenerator random) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.sorted().toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    String name = String.valueOf(file.getFileName());
    byte[] before = Files.readAllBytes(file);
    byte[] after =
        switch (kind) {
          case FLIP -> flip(before, random);
          case CUT -> cut(before, random);
          case SWAP -> swap(before, random);
          case DUPLICATE -> duplicate(before, random);
          case REORDER -> reorder(before, random);
          case APPEND -> append(before, random);
          case REMOVE -> {
            Files.delete(file);
            yield before;
          }
          case ADD -> {
            Files.write(folder.resolve("99-added.opus"), before);
            yield before;
          }
        };
    if (kind == Kind.ADD) {
      return new Damage(kind, "99-added.opus", 0);
    }
    if (kind != Kind.REMOVE) {
      if (Arrays.equals(before, after)) {
        after = flip(before, random); // two equal pieces were swapped
      }
      Files.write(file, after);
    }
    int at = kind == Kind.REMOVE ? 0 : Arrays.mismatch(before, after);
    return new Damage(kind, name, at);
  }

  private static byte[] flip(byte[] data, RandomGenerator random) {
    byte[] changed = data.clone();
    changed[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private static byte[] cut(byte[] data, RandomGenerator random) {
    int from = random.nextInt(data.length);
    int to = from + 1 + random.nextInt(data.length - from);
    return joined(data, 0, from, data, to, data.length);
  }

  private static byte[] append(byte[] data, RandomGenerator random) {
    byte[] more = new byte[1 + random.nextInt(2000)];
    random.nextBytes(more);
    return joined(data, 0, data.length, more, 0, more.length);
  }

  private static byte[] duplicate(byte[] data, RandomGenerator random) {
    int from = random.nextInt(data.length);
    int to = from + 1 + random.nextInt(data.length - from);
    return joined(data, 0, to, data, from, data.length);
  }

  /** Two neighbouring pieces change places. */
  private static byte[] reorder(byte[] data, RandomGenerator random) {
    int from = random.nextInt(data.length);
    int middle = from + random.nextInt(data.length - from);
    int to = middle + random.nextInt(data.length - middle);
    byte[] changed = data.clone();
    System.arraycopy(data, middle, changed, from, to - middle);
    System.arraycopy(data, from, changed, from + to - middle, middle - from);
    return changed;
  }

  /** Two equally long pieces change places. */
  private static byte[] swap(byte[] data, RandomGenerator random) {
    int length = 1 + random.nextInt(Math.max(1, data.length / 4));
    int first = random.nextInt(Math.max(1, data.length - 2 * length));
    int second = first + length + random.nextInt(Math.max(1, data.length - first - 2 * length));
    byte[] changed = data.clone();
    int whole = Math.min(length, data.length - second);
    System.arraycopy(data, second, changed, first, whole);
    System.arraycopy(data, first, changed, second, whole);
    return changed;
  }

  private static byte[] joined(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
    byte[] joined = new byte[aTo - aFrom + bTo - bFrom];
    System.arraycopy(a, aFrom, joined, 0, aTo - aFrom);
    System.arraycopy(b, bFrom, joined, aTo - aFrom, bTo - bFrom);
    return joined;
  }
}
