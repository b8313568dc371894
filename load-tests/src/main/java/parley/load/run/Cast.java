package parley.load.run;

import java.util.List;
import parley.load.scenario.CallPlan;

/**
 * Who takes part in the calls of one plan: pairs call each other, or a room's people meet in it.
 *
 * @param pool of direct calls; empty for groups
 * @param rooms of groups; empty for direct calls
 */
public record Cast(CallPlan plan, List<Member> pool, List<Room> rooms) {

  /**
   * A group chat and those who may meet there.
   *
   * @param chat its jid
   */
  public record Room(String chat, List<Member> people) {
    public Room {
      people = List.copyOf(people);
    }
  }

  public Cast {
    pool = List.copyOf(pool);
    rooms = List.copyOf(rooms);
  }

  /** All of them. */
  public int size() {
    return pool.size() + rooms.stream().mapToInt(room -> room.people().size()).sum();
  }
}
