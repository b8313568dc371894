package parley.signalling.app;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import parley.signalling.link.LinkSettings;
import parley.signalling.settings.Setting;
import parley.signalling.wire.TeamId;

/** Chat servers that keep their clients' sockets, and hand us what is said about calls. */
record LinkConfig(
    @Setting("Chat servers that may connect to /link/v1; empty: none") List<ChatServer> chatServers,
    @Setting(
            value = "How long a link whose connection broke may take to come back",
            min = 1,
            max = 3_600)
        int resumeS) {

  LinkConfig {
    Set<String> names = new HashSet<>();
    Set<String> tokens = new HashSet<>();
    for (ChatServer each : chatServers) {
      if (!names.add(each.name)) {
        throw new IllegalArgumentException(
            "chat_servers: two are called " + each.name + "; right would be a name for each");
      }
      if (!tokens.add(each.token)) {
        throw new IllegalArgumentException(
            "chat_servers: " + each.name + " has the token of another; right would be its own");
      }
    }
  }

  record ChatServer(
      @Setting("For the log") String name,
      @Setting(value = "Its secret, 32 characters and more", secret = true) String token,
      @Setting("Uids of the teams it speaks for; empty: all") List<String> teams) {

    /** A guess a microsecond for a thousand years does not find one of these. */
    private static final int MIN_TOKEN_CHARS = 32;

    /** What fits in a header (RFC 6750 §2.1, b64token). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private static final Pattern UUID =
        Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    ChatServer {
      if (token.length() < MIN_TOKEN_CHARS || !TOKEN.matcher(token).matches()) {
        throw new IllegalArgumentException(
            "token: right would be "
                + MIN_TOKEN_CHARS
                + " characters and more, letters, digits and . _ ~ + / - only; openssl rand"
                + " -base64 48 makes one");
      }
      for (String team : teams) {
        if (!UUID.matcher(team).matches()) {
          throw new IllegalArgumentException(
              "teams: \"" + team + "\" is no team's uid; right would be a UUID in lower case");
        }
      }
    }

    @Override
    public String toString() {
      return "ChatServer[" + name + "]";
    }

    private LinkSettings.ChatServer toSettings() {
      return new LinkSettings.ChatServer(
          name, token, teams.stream().map(TeamId::new).collect(Collectors.toSet()));
    }
  }

  static LinkConfig defaults() {
    return new LinkConfig(List.of(), 60);
  }

  LinkSettings toSettings(Duration ping) {
    return new LinkSettings(
        chatServers.stream().map(ChatServer::toSettings).toList(),
        Duration.ofSeconds(resumeS),
        ping);
  }
}
