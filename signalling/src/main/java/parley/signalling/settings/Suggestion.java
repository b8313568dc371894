package parley.signalling.settings;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what was probably meant by a misspelt word. */
final class Suggestion {

  private Suggestion() {}

  /** The known word nearest to what was written, or null when none is near. */
  static @Nullable String nearest(String written, Collection<String> known) {
    String best = null;
    // A third of the letters wrong is still a typing mistake; more is another word.
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    for (String word : known) {
      int distance = distance(written, word);
      if (distance < bestDistance) {
        best = word;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** ", did you mean x?" or the list of what there is. */
  static String sentence(String written, Collection<String> known) {
    String near = nearest(written, known);
    return near != null
        ? "did you mean " + near + "?"
        : "there are " + String.join(", ", known.stream().sorted().toList());
  }

  /** Letters to insert, delete, replace, or swap with their neighbour. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + cost, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
