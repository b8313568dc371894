package parley.signalling.oidc;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a provider says of somebody, proved. */
public record Claims(Map<String, Object> all) {

  /** Of a name in the audit log. */
  private static final int MAX_NAME_CHARS = 100;

  /** What people call him; {@link #subject()} where nobody has made sure of it. */
  public String name(String claim) {
    // OpenID Connect Core §5.1: until it is verified he may have written anybody's there.
    boolean doubtful = claim.equals("email") && Boolean.FALSE.equals(all.get("email_verified"));
    String named = all.get(claim) instanceof String text && !doubtful ? plain(text) : "";
    return named.isEmpty() ? subject() : named;
  }

  /** What the provider knows him by, for good. */
  public String subject() {
    return plain(String.valueOf(all.get("sub")));
  }

  /** Somebody else's words, for the log. */
  private static String plain(String text) {
    String plain = text.replaceAll("\\p{C}", " ").strip();
    return plain.length() <= MAX_NAME_CHARS ? plain : plain.substring(0, MAX_NAME_CHARS);
  }

  /** None, when the claim is not there or is something else. */
  public Set<String> words(String path) {
    Object found = at(path);
    Set<String> words = new TreeSet<>();
    if (found instanceof String one) {
      words.add(one);
    } else if (found instanceof Collection<?> several) {
      several.forEach(
          each -> {
            if (each instanceof String word) {
              words.add(word);
            }
          });
    }
    return words;
  }

  private @Nullable Object at(String path) {
    if (all.containsKey(path)) { // names with dots are usual, like https://example.org/roles
      return all.get(path);
    }
    Object found = all;
    for (String name : path.split("\\.", -1)) {
      found = found instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return found;
  }
}
