package parley.signalling.directory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.settings.Settings;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.Jid;

/**
 * The team that everyone can try: its people sign in by a click, and their tokens are no secret.
 */
public final class DemoTeam {

  private static final String FILE = "demo-directory.yaml";

  private final Directory directory;
  private final Map<Jid, String> tokens;

  private DemoTeam(Directory directory, Map<Jid, String> tokens) {
    this.directory = directory;
    this.tokens = tokens;
  }

  public static DemoTeam load() {
    try (InputStream in = DemoTeam.class.getClassLoader().getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the classpath");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      DirectoryFile file = Settings.read(DirectoryFile.class, text, FILE);
      Map<Jid, String> tokens = new HashMap<>();
      for (DirectoryFile.ContactEntry contact : file.teams().getFirst().contacts()) {
        tokens.put(Jid.of(contact.jid()), contact.tokens().getFirst());
      }
      return new DemoTeam(DirectoryBuilder.build(file, FILE), tokens);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SettingsException e) {
      throw new IllegalStateException(e);
    }
  }

  public Directory directory() {
    return directory;
  }

  public Team team() {
    return directory.teams().iterator().next();
  }

  /** Whether a directory lets somebody in with one of the tokens that everyone knows. */
  public boolean knowsTokensOf(Directory other) {
    return tokens.values().stream().anyMatch(token -> other.account(token) != null);
  }

  /** What a person signs in with; null when there is no such person. */
  public @Nullable String token(Jid contact) {
    return tokens.get(contact);
  }
}
