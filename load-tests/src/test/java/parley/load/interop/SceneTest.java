package parley.load.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SceneTest {

  private static final List<ClientKind> ALL = List.of(ClientKind.values());

  @ParameterizedTest
  @EnumSource
  void inTheFewEachKindCallsAndIsCalledAndSitsInAGroupInBothWays(ClientKind kind) {
    List<Scene> scenes = Scene.few(ALL);
    for (Sections sections : Sections.values()) {
      Seat seat = new Seat(kind, sections);
      assertThat(scenes).filteredOn(s -> calls(s, seat)).hasSize(1);
      assertThat(scenes).filteredOn(s -> isCalled(s, seat)).hasSize(1);
      assertThat(scenes)
          .filteredOn(s -> s.shape() == Shape.GROUP && s.seats().contains(seat))
          .hasSize(1);
    }
  }

  @Test
  void inAllOfThemEachKindCallsEach() {
    List<Scene> scenes = Scene.all(ALL);
    for (ClientKind caller : ALL) {
      for (ClientKind callee : ALL) {
        assertThat(scenes)
            .filteredOn(
                s ->
                    calls(s, new Seat(caller, Sections.ONE))
                        && isCalled(s, new Seat(callee, Sections.ONE)))
            .hasSize(1);
      }
    }
  }

  @Test
  void groupsAreOfFiveWhoeverIsMissing() {
    assertThat(Scene.few(List.of(ClientKind.CHROMIUM, ClientKind.PION)))
        .filteredOn(s -> s.shape() == Shape.GROUP)
        .allSatisfy(s -> assertThat(s.seats()).hasSize(5));
  }

  @Test
  void oneOfAGroupReceivesOtherwiseThanTheRest() {
    assertThat(Scene.all(ALL))
        .filteredOn(s -> s.shape() == Shape.GROUP)
        .filteredOn(s -> s.seats().stream().filter(x -> x.sections() == Sections.ONE).count() == 1)
        .hasSize(ALL.size());
  }

  private static boolean calls(Scene scene, Seat seat) {
    return scene.shape() == Shape.DIRECT && scene.seats().getFirst().equals(seat);
  }

  private static boolean isCalled(Scene scene, Seat seat) {
    return scene.shape() == Shape.DIRECT && scene.seats().getLast().equals(seat);
  }
}
