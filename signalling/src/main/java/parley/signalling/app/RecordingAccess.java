package parley.signalling.app;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import parley.signalling.recordings.Right;
import parley.signalling.recordings.Visitor;
import parley.signalling.recordings.Visitors;
import parley.signalling.servers.Scope;
import parley.signalling.servers.ServiceToken;
import parley.signalling.settings.Setting;
import parley.signalling.wire.TeamId;

/** Which people may do what with recordings; servers have scopes, in {@code api.tokens}. */
record RecordingAccess(
    @Setting(
            "Roles beside reader (list), listener (and play), exporter (and export), custodian"
                + " (list, hold) and officer (everything)")
        List<Role> roles,
    @Setting("People who search and hear recordings; none: there is no page for it")
        List<Person> people) {

  record Role(
      @Setting("What people have in roles") String name,
      @Setting("Some of list, play, export, hold, delete") List<String> may) {
    Role {
      if (name.isBlank() || Right.ROLES.containsKey(name)) {
        throw new IllegalArgumentException(
            "a role called \"" + name + "\" is always there, or is none; right would be another");
      }
      rights(may); // refuses what is none
    }

    private static Set<Right> rights(List<String> words) {
      Set<Right> rights = EnumSet.noneOf(Right.class);
      for (String word : words) {
        Right right = Right.tryParse(word);
        if (right == null) {
          throw new IllegalArgumentException(
              "\"" + word + "\" is nothing one may do; right would be some of " + Right.words());
        }
        rights.add(right);
      }
      return rights;
    }
  }

  record Person(
      @Setting("As the audit log calls him") String name,
      @Setting(
              value = "32 characters and more, or sha256: and the hash of the token in hexadecimal",
              secret = true)
          String token,
      @Setting("What he may do: names of roles") List<String> roles,
      @Setting("Uids of teams whose recordings he may touch; empty: all") List<String> teams) {
    Person {
      token(name, token, teams); // refuses what is wrong, with a sentence
    }

    /** Its scopes are of no meaning here. */
    private static ServiceToken token(String name, String token, List<String> teams) {
      Set<TeamId> uids = teams.stream().map(TeamId::of).collect(Collectors.toSet());
      return ServiceToken.of(name, token, Set.of(Scope.RECORDINGS_LIST), uids);
    }

    @Override
    public String toString() {
      return "Person[" + name + "]";
    }
  }

  RecordingAccess {
    Map<String, Set<Right>> known = known(roles);
    for (Person person : people) {
      for (String role : person.roles()) {
        if (!known.containsKey(role)) {
          throw new IllegalArgumentException(
              person.name()
                  + " has the role "
                  + role
                  + ", which there is not; right would be some of "
                  + new TreeSet<>(known.keySet()));
        }
      }
    }
    add(new HashMap<>(), known, people); // refuses a token that two people have
  }

  static RecordingAccess defaults() {
    return new RecordingAccess(List.of(), List.of());
  }

  private static Map<String, Set<Right>> known(List<Role> roles) {
    Map<String, Set<Right>> known = new HashMap<>(Right.ROLES);
    for (Role role : roles) {
      if (known.put(role.name(), Role.rights(role.may())) != null) {
        throw new IllegalArgumentException("two roles are called " + role.name());
      }
    }
    return known;
  }

  private static void add(
      Map<String, Visitor> to, Map<String, Set<Right>> known, List<Person> people) {
    for (Person person : people) {
      Set<Right> rights = EnumSet.noneOf(Right.class);
      person.roles().forEach(role -> rights.addAll(known.getOrDefault(role, Set.of())));
      ServiceToken token = Person.token(person.name(), person.token(), person.teams());
      put(
          to,
          token.hash(),
          new Visitor("person " + person.name(), person.name(), rights, uids(token.teams()), true));
    }
  }

  /**
   * Everybody who may do anything.
   *
   * @param tokens of servers
   * @throws IllegalArgumentException with a sentence, when two have the same token
   */
  Visitors visitors(List<ServiceToken> tokens) {
    Map<String, Visitor> byHash = new HashMap<>();
    add(byHash, known(roles), people);
    for (ServiceToken token : tokens) {
      Set<Right> rights = EnumSet.noneOf(Right.class);
      for (Right right : Right.values()) {
        if (token.scopes().stream().anyMatch(scope -> scope.toString().equals(right.scope()))) {
          rights.add(right);
        }
      }
      if (!rights.isEmpty()) {
        String who = "token " + token.name();
        put(
            byHash,
            token.hash(),
            new Visitor(who, token.name(), rights, uids(token.teams()), false));
      }
    }
    return new Visitors(byHash);
  }

  private static Set<String> uids(Set<TeamId> teams) {
    Set<String> uids = new HashSet<>();
    teams.forEach(team -> uids.add(team.value()));
    return uids;
  }

  private static void put(Map<String, Visitor> to, String hash, Visitor visitor) {
    Visitor other = to.put(hash, visitor);
    if (other != null) {
      throw new IllegalArgumentException(
          other.name() + " and " + visitor.name() + " have the same token");
    }
  }
}
