package parley.load.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parley.load.scenario.CallPlan;
import parley.load.scenario.Scenario;

/**
 * Who can call whom on a server that runs already: asks its API for everybody's own name and for
 * the groups they are in.
 */
final class ForeignTeams {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final String url;
  private final Map<String, Member> people = new LinkedHashMap<>();
  private final Map<String, Set<String>> groups = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  /**
   * @param url {@code http://host:port} without a slash at the end
   */
  ForeignTeams(HttpClient http, String url) {
    this.http = http;
    this.url = url;
  }

  /**
   * Gives each plan its people.
   *
   * @throws IOException saying which people or groups are missing
   */
  List<Cast> cast(Scenario scenario, PeopleFile file) throws IOException, InterruptedException {
    for (PeopleFile.Entry entry : file.people()) {
      introduce(entry);
    }
    List<Cast> casts = new ArrayList<>();
    // Groups first: pairs can be had anywhere.
    Map<CallPlan, Cast> found = new HashMap<>();
    for (CallPlan plan : scenario.calls()) {
      if (!plan.direct()) {
        found.put(plan, rooms(plan));
      }
    }
    for (CallPlan plan : scenario.calls()) {
      Cast rooms = found.get(plan);
      casts.add(rooms == null ? pairs(plan) : rooms);
    }
    return casts;
  }

  private void introduce(PeopleFile.Entry entry) throws IOException, InterruptedException {
    String team = "/api/v4/teams/" + entry.team();
    String jid = get(team, entry.token()).path("me").path("jid").asText();
    people.put(jid, new Member(entry.team(), jid, entry.token()));
    for (JsonNode group : get(team + "/groups", entry.token())) {
      Set<String> members =
          groups.computeIfAbsent(group.path("jid").asText(), any -> new HashSet<>());
      group.path("members").forEach(member -> members.add(member.path("jid").asText()));
    }
  }

  private Cast rooms(CallPlan plan) throws IOException {
    List<Cast.Room> rooms = new ArrayList<>();
    for (Map.Entry<String, Set<String>> group : groups.entrySet()) {
      List<Member> free =
          people.values().stream()
              .filter(member -> group.getValue().contains(member.jid()))
              .filter(member -> !used.contains(member.jid()))
              .limit(plan.peopleEach())
              .toList();
      if (rooms.size() < plan.atOnce()
          && free.size() == plan.peopleEach()
          && used.add(group.getKey())) {
        free.forEach(member -> used.add(member.jid()));
        rooms.add(new Cast.Room(group.getKey(), free));
      }
    }
    if (rooms.size() < plan.atOnce()) {
      throw new IOException(
          "the scenario wants %d groups in each of which %d of the people named are, who are in no other; there are %d. Name more people, or have fewer calls by --scale"
              .formatted(plan.atOnce(), plan.peopleEach(), rooms.size()));
    }
    return new Cast(plan, List.of(), rooms);
  }

  /** All of one team: people of different ones cannot call each other. */
  private Cast pairs(CallPlan plan) throws IOException {
    int needed = 2 * plan.atOnce();
    Map<String, List<Member>> teams = new LinkedHashMap<>();
    people.values().stream()
        .filter(member -> !used.contains(member.jid()))
        .forEach(
            member -> teams.computeIfAbsent(member.team(), any -> new ArrayList<>()).add(member));
    int most = 0;
    for (List<Member> team : teams.values()) {
      most = Math.max(most, team.size());
      if (team.size() >= needed) {
        List<Member> pool = team.subList(0, needed);
        pool.forEach(member -> used.add(member.jid()));
        return new Cast(plan, pool, List.of());
      }
    }
    throw new IOException(
        "the scenario wants %d direct calls at once, that is %d people of one team who do nothing else; there are %d. Name more people, or have fewer calls by --scale"
            .formatted(plan.atOnce(), needed, most));
  }

  private JsonNode get(String path, String token) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).header("token", token).build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "GET %s was answered %d; is the token right, and of this team?"
              .formatted(path, answer.statusCode()));
    }
    return JSON.readTree(answer.body()).path("result");
  }
}
