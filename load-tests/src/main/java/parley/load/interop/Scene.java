package parley.load.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One call that is tried.
 *
 * @param seats in a direct call the first calls the second
 */
record Scene(Shape shape, List<Seat> seats) {

  Scene {
    seats = List.copyOf(seats);
  }

  private static Scene direct(ClientKind caller, ClientKind callee, Sections sections) {
    return new Scene(Shape.DIRECT, List.of(new Seat(caller, sections), new Seat(callee, sections)));
  }

  /**
   * The fewest in which each kind calls and is called, and sits in a group, in both ways of
   * receiving.
   *
   * @param kinds those that are there; two at least
   */
  static List<Scene> few(List<ClientKind> kinds) {
    List<Scene> scenes = new ArrayList<>();
    for (Sections sections : Sections.values()) {
      for (int i = 0; i < kinds.size(); i++) {
        scenes.add(direct(kinds.get(i), kinds.get((i + 1) % kinds.size()), sections));
      }
      scenes.add(group(kinds, -1, sections, sections));
    }
    return scenes;
  }

  /** Each kind calls each, itself too; groups in which one receives otherwise than the rest. */
  static List<Scene> all(List<ClientKind> kinds) {
    List<Scene> scenes = new ArrayList<>();
    for (Sections sections : Sections.values()) {
      for (ClientKind caller : kinds) {
        for (ClientKind callee : kinds) {
          scenes.add(direct(caller, callee, sections));
        }
      }
      Sections other = sections == Sections.ONE ? Sections.SEVERAL : Sections.ONE;
      scenes.add(group(kinds, -1, sections, sections));
      for (int odd = 0; odd < kinds.size(); odd++) {
        scenes.add(group(kinds, odd, sections, other));
      }
    }
    return scenes;
  }

  /** Five, whatever is missing: kinds that are there take the places of those that are not. */
  private static Scene group(List<ClientKind> kinds, int odd, Sections most, Sections odds) {
    List<Seat> seats = new ArrayList<>();
    for (int i = 0; i < Shape.GROUP.people; i++) {
      // The last ones repeat: they are programs, which cost less than another browser.
      ClientKind kind = kinds.get(Math.min(i, kinds.size() - 1));
      seats.add(new Seat(kind, i == odd ? odds : most));
    }
    return new Scene(Shape.GROUP, seats);
  }

  @Override
  public String toString() {
    String who =
        seats.stream()
            .map(seat -> seat.kind() + (uniform() ? "" : " (" + seat.sections() + ")"))
            .collect(Collectors.joining(shape == Shape.DIRECT ? " calls " : ", "));
    return shape + (uniform() ? ", " + seats.getFirst().sections() : "") + ": " + who;
  }

  private boolean uniform() {
    return seats.stream().map(Seat::sections).distinct().count() == 1;
  }
}
