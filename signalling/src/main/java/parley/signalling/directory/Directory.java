package parley.signalling.directory;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.signalling.settings.Settings;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.TeamId;

/** The teams, their people and chats, and who each token stands for. Does not change. */
public final class Directory implements Teams {

  private final Map<TeamId, Team> teams;

  /** By the token's SHA-256, so that no token stays in memory and looking one up leaks no time. */
  private final Map<String, Account> accounts;

  Directory(Map<TeamId, Team> teams, Map<String, Account> accountsByTokenHash) {
    this.teams = Collections.unmodifiableMap(new LinkedHashMap<>(teams));
    this.accounts = Map.copyOf(accountsByTokenHash);
  }

  /**
   * @throws SettingsException with every mistake in the file
   */
  public static Directory read(Path file) throws SettingsException {
    return parse(Settings.text(file), file.toString());
  }

  static Directory parse(String text, String name) throws SettingsException {
    return DirectoryBuilder.build(Settings.read(DirectoryFile.class, text, name), name);
  }

  public @Nullable Team team(TeamId uid) {
    return teams.get(uid);
  }

  @Override
  public CompletableFuture<Found> find(TeamId uid) {
    Team team = teams.get(uid);
    return CompletableFuture.completedFuture(team == null ? new NoTeam() : new TheTeam(team));
  }

  @Override
  public Runnable watch(TeamId uid) {
    return () -> {};
  }

  @Override
  public @Nullable Icon icon(String name) {
    for (Team team : teams.values()) {
      Icon icon = IconUrls.find(team, name);
      if (icon != null) {
        return icon;
      }
    }
    return null;
  }

  @Override
  public void close() {}

  /** In the order of the file. */
  public Collection<Team> teams() {
    return teams.values();
  }

  @Override
  public boolean hasChatsThatOnlyAdminsMute() {
    return teams.values().stream().anyMatch(Team::hasChatsThatOnlyAdminsMute);
  }

  /** Whose token it is; null when it is nobody's. */
  public @Nullable Account account(String token) {
    return accounts.get(TokenHash.of(token));
  }
}
