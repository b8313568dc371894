package parley.signalling.app;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import parley.signalling.servers.Scope;
import parley.signalling.servers.ServiceToken;
import parley.signalling.servers.ServiceTokens;
import parley.signalling.settings.Setting;
import parley.signalling.wire.TeamId;

/** Which servers may steer calls. */
record ApiConfig(
    @Setting(
            "Tokens of servers that use the HTTP API under /parley/v1; empty: there is no such API")
        List<Token> tokens) {

  record Token(
      @Setting("Of the server, for the log") String name,
      @Setting(
              value = "32 characters and more, or sha256: and the hash of the token in hexadecimal",
              secret = true)
          String token,
      @Setting(
              "Some of calls:read, calls:write, recording:write, ice:read, node:examine,"
                  + " recordings:list, recordings:play, recordings:export, recordings:hold,"
                  + " recordings:delete,"
                  + " metrics:read, operate:view, operate:act")
          List<String> scopes,
      @Setting("Uids of teams it may touch; empty: all") List<String> teams) {
    Token {
      of(name, token, scopes, teams); // refuses what is wrong, with a sentence
    }

    private static ServiceToken of(
        String name, String token, List<String> scopes, List<String> teams) {
      Set<Scope> all = new HashSet<>();
      for (String scope : scopes) {
        Scope one = Scope.tryParse(scope);
        if (one == null) {
          throw new IllegalArgumentException(
              "\"" + scope + "\" is no scope; right would be some of " + Scope.names());
        }
        all.add(one);
      }
      Set<TeamId> uids = teams.stream().map(TeamId::of).collect(Collectors.toSet());
      return ServiceToken.of(name, token, all, uids);
    }

    @Override
    public String toString() {
      return "Token[" + name + "]";
    }
  }

  ApiConfig {
    of(tokens); // refuses a token that two servers have
  }

  private static ServiceTokens of(List<Token> tokens) {
    return new ServiceTokens(
        tokens.stream()
            .map(each -> Token.of(each.name, each.token, each.scopes, each.teams))
            .toList());
  }

  static ApiConfig defaults() {
    return new ApiConfig(List.of());
  }

  ServiceTokens serviceTokens() {
    return of(tokens);
  }

  /** One by one. */
  List<ServiceToken> all() {
    return tokens.stream()
        .map(each -> Token.of(each.name, each.token, each.scopes, each.teams))
        .toList();
  }
}
