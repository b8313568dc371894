package parley.load.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import parley.load.scenario.CallPlan;
import parley.load.scenario.Scenario;

/**
 * The people of a scenario for a server that is started for it: a team for each plan, so that calls
 * between two are recorded in one and not in the other.
 */
final class OwnTeams {

  /** A pair more than calls, so that the next one can begin while the last one ends. */
  private static final int SPARE_PAIRS = 2;

  private final List<Cast> casts = new ArrayList<>();
  private final StringBuilder yaml = new StringBuilder("teams:\n");

  OwnTeams(Scenario scenario) {
    double most =
        scenario.phases().stream().mapToInt(phase -> phase.loadPercent()).max().orElse(0) / 100.0;
    for (int i = 0; i < scenario.calls().size(); i++) {
      CallPlan plan = scenario.calls().get(i);
      casts.add(cast(i, plan, Math.max(1, plan.atOnce(most))));
    }
  }

  List<Cast> casts() {
    return casts;
  }

  /** The directory file. */
  String yaml() {
    return yaml.toString();
  }

  private Cast cast(int index, CallPlan plan, int calls) {
    String team = uuid("team", index, 0);
    yaml.append("  - uid: ").append(team).append("\n    name: Team ").append(index);
    yaml.append("\n    record_direct_calls: ").append(plan.recorded());
    yaml.append("\n    contacts:\n");
    int size = plan.direct() ? 2 * (calls + SPARE_PAIRS) : calls * plan.peopleEach();
    List<Member> people = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Member member = new Member(team, "d-" + uuid("person", index, i), "token-" + index + "-" + i);
      people.add(member);
      yaml.append("      - {jid: ").append(member.jid());
      yaml.append(", display_name: Person ").append(i);
      yaml.append(", tokens: [").append(member.token()).append("]}\n");
    }
    if (plan.direct()) {
      yaml.append("    chats: []\n");
      return new Cast(plan, people, List.of());
    }
    yaml.append("    chats:\n");
    List<Cast.Room> rooms = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      List<Member> here = people.subList(i * plan.peopleEach(), (i + 1) * plan.peopleEach());
      String chat = "g-" + uuid("chat", index, i);
      rooms.add(new Cast.Room(chat, here));
      yaml.append("      - {jid: ").append(chat).append(", display_name: Room ").append(i);
      yaml.append(", audiorecord: ").append(plan.recorded()).append(", members: [");
      yaml.append(String.join(", ", here.stream().map(Member::jid).toList())).append("]}\n");
    }
    return new Cast(plan, List.of(), rooms);
  }

  private static String uuid(String kind, int plan, int number) {
    String name = kind + plan + "/" + number;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII)).toString();
  }
}
