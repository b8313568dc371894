package parley.load.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellTest {

  private static final Seat PION = new Seat(ClientKind.PION, Sections.ONE);
  private static final Scene SCENE =
      new Scene(Shape.DIRECT, List.of(PION, new Seat(ClientKind.AIORTC, Sections.ONE)));

  @Test
  void isGoodOnlyWhenEveryoneWasHeardInEveryCall() {
    Heard good = new Heard(SCENE, PION, "", 2.25, "");
    Heard bad = new Heard(SCENE, PION, "does not hear aiortc's 463 Hz", 45, "said: nothing");

    assertThat(Cell.of(ClientKind.PION, Shape.DIRECT, Sections.ONE, List.of(good, good)))
        .hasToString(
            "pion       direct         one section       ok        "
                + " 2 calls, everyone heard within 2.3 s")
        .matches(Cell::ok);
    assertThat(Cell.of(ClientKind.PION, Shape.DIRECT, Sections.ONE, List.of(good, bad)))
        .asString()
        .startsWith("pion       direct         one section       NOT HEARD")
        .endsWith("does not hear aiortc's 463 Hz (direct, one section: pion calls aiortc)");
  }

  @Test
  void isNotGoodWhenItsClientIsMissing() {
    Cell cell = Cell.missing(ClientKind.PION, Shape.GROUP, Sections.SEVERAL, "there is no Go.");
    assertThat(cell.ok()).isFalse();
    assertThat(cell).asString().endsWith("missing    there is no Go.");
  }
}
