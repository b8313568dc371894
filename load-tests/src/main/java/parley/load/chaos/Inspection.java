package parley.load.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether the cluster is as people believe it is: asks every node what it owns, and looks through
 * every node's window at what runs.
 */
final class Inspection {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Everybody talks all the time: who was not heard for so long is not heard. */
  private static final long HEARD_NS = TimeUnit.MILLISECONDS.toNanos(400);

  /**
   * What was found.
   *
   * @param ghosts who is in a call according to a node, and is not
   * @param doubleOwners calls that more than one node says it owns
   * @param faults everything that is not as it should be, one sentence each
   */
  record Found(int ghosts, int doubleOwners, List<String> faults) {
    boolean isClean() {
      return faults.isEmpty();
    }
  }

  private record Owned(Place owner, String uid, Set<String> participants) {}

  private final Cluster cluster;
  private final ChaosTeam team;
  private final List<Somebody> people;
  private final Silences silences;
  private final HttpClient http;

  Inspection(
      Cluster cluster, ChaosTeam team, List<Somebody> people, Silences silences, HttpClient http) {
    this.cluster = cluster;
    this.team = team;
    this.people = people;
    this.silences = silences;
    this.http = http;
  }

  Found look() throws InterruptedException {
    List<String> faults = new ArrayList<>();
    int ghosts = 0;
    int doubles = 0;
    Map<String, List<Owned>> owned = new TreeMap<>();
    for (Place place : cluster.places) {
      try {
        ask(place)
            .forEach((chat, call) -> owned.computeIfAbsent(chat, c -> new ArrayList<>()).add(call));
      } catch (IOException e) {
        faults.add(place.name + " does not answer: " + e);
      }
    }
    Map<String, String> running = new TreeMap<>();
    for (int group = 0; group < team.groups(); group++) {
      String chat = team.group(group);
      Set<String> wanting = wanting(group);
      List<Owned> calls = owned.getOrDefault(chat, List.of());
      doubles += Math.max(0, calls.size() - 1);
      if (calls.size() != (wanting.isEmpty() ? 0 : 1)) {
        faults.add(
            "group " + group + " has the owners " + calls.stream().map(c -> c.owner.name).toList());
      }
      for (Owned call : calls) {
        running.put(chat, call.uid + " " + wanting.size());
        Set<String> tooMany = new TreeSet<>(call.participants);
        tooMany.removeAll(wanting);
        ghosts += tooMany.size();
        if (!call.participants.equals(wanting)) {
          faults.add(
              "%s says that %d are in the call of group %d instead of %d, %d of whom should not"
                  .formatted(
                      call.owner.name,
                      call.participants.size(),
                      group,
                      wanting.size(),
                      tooMany.size()));
        }
        for (Somebody each : of(group)) {
          if (each.wants() && !each.uid().equals(call.uid)) {
            faults.add("person " + each.number + " is in another call");
          }
        }
      }
      hear(group, faults);
    }
    for (Place place : cluster.living()) {
      Map<String, String> seen = seenAt(place, running);
      if (!seen.equals(running)) {
        faults.add("at " + place.name + " one sees " + seen + " instead of " + running);
      }
    }
    return new Found(ghosts, doubles, faults);
  }

  private List<Somebody> of(int group) {
    return people.stream().filter(each -> each.group() == group).toList();
  }

  private Set<String> wanting(int group) {
    var wanting = new TreeSet<String>();
    of(group).stream().filter(Somebody::wants).forEach(each -> wanting.add(team.jid(each.number)));
    return wanting;
  }

  private void hear(int group, List<String> faults) {
    long sinceNs = System.nanoTime() - HEARD_NS;
    List<Somebody> in = of(group).stream().filter(Somebody::wants).toList();
    for (Somebody listener : in) {
      for (Somebody speaker : in) {
        if (listener != speaker && !silences.heardSince(listener.number, speaker.number, sinceNs)) {
          faults.add("person " + listener.number + " does not hear person " + speaker.number);
        }
      }
    }
  }

  /** What a node owns, by chat. */
  private Map<String, Owned> ask(Place place) throws IOException, InterruptedException {
    String path = "/parley/v1/teams/" + ChaosTeam.TEAM + "/calls";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(place.url() + path))
            .header("Authorization", "Bearer " + ChaosTeam.SERVICE)
            .timeout(PATIENCE)
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("status " + answer.statusCode());
    }
    Map<String, Owned> calls = new TreeMap<>();
    for (JsonNode call : JSON.readTree(answer.body()).path("calls")) {
      Set<String> participants = new TreeSet<>();
      call.path("participants").forEach(each -> participants.add(each.path("jid").asText()));
      calls.put(
          call.path("chat").path("jid").asText(),
          new Owned(place, call.path("uid").asText(), participants));
    }
    return calls;
  }

  /** The calls that run as somebody sees them who is connected there; waits a little for these. */
  private Map<String, String> seenAt(Place place, Map<String, String> expected) {
    Line line = Line.open(http, place.url(), ChaosTeam.OBSERVER);
    if (line == null) {
      return Map.of("nobody", "lets the observer in");
    }
    try (line) {
      Map<String, String> seen = Map.of();
      long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      while (System.nanoTime() < untilNs && !seen.equals(expected)) {
        for (JsonNode event = line.poll(); event != null; event = line.poll()) {
          if (event.path("event").asText().equals("server.online")) {
            Map<String, String> now = new TreeMap<>();
            for (JsonNode call : event.path("params").path("calls")) {
              now.put(
                  call.path("jid").asText(),
                  call.path("uid").asText() + " " + call.path("online_count").asInt());
            }
            seen = now;
          }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      return seen;
    }
  }
}
