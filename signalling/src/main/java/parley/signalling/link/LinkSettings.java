package parley.signalling.link;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import parley.signalling.wire.TeamId;

/**
 * Which chat servers may link.
 *
 * @param chatServers empty: none, the door is shut
 * @param resume how long a stream without a connection is kept
 * @param ping how often a connection is pinged; one that is silent for two pings is dead
 */
public record LinkSettings(List<ChatServer> chatServers, Duration resume, Duration ping) {

  public LinkSettings {
    chatServers = List.copyOf(chatServers);
  }

  /**
   * A chat server, which may run as several processes.
   *
   * @param name for the log
   * @param token its secret
   * @param teams those that it speaks for; empty: all
   */
  public record ChatServer(String name, String token, Set<TeamId> teams) {
    public ChatServer {
      teams = Set.copyOf(teams);
    }

    boolean speaksFor(TeamId team) {
      return teams.isEmpty() || teams.contains(team);
    }

    @Override
    public String toString() {
      return "ChatServer[" + name + "]";
    }
  }
}
