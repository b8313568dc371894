package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private final Deadlines<String> deadlines = new Deadlines<>();

  @Test
  void callsEachOnceWhenItsTimeHasCome() {
    deadlines.set("b", 20);
    deadlines.set("a", 10);
    assertThat(deadlines.nextNs()).isEqualTo(10);
    assertThat(deadlines.pollDue(9)).isNull();
    assertThat(deadlines.pollDue(25)).isEqualTo("a");
    assertThat(deadlines.pollDue(25)).isEqualTo("b");
    assertThat(deadlines.pollDue(25)).isNull();
    assertThat(deadlines.nextNs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void forgetsTheOldTimeOfWhatWasMoved() {
    deadlines.set("a", 10);
    deadlines.set("a", 30);
    assertThat(deadlines.nextNs()).isEqualTo(30);
    deadlines.set("a", 5);
    assertThat(deadlines.pollDue(5)).isEqualTo("a");
    assertThat(deadlines.pollDue(100)).isNull();
  }

  @Property
  void agreesWithASimpleMap(@ForAll @Size(max = 60) List<@IntRange(max = 999) Integer> steps) {
    Deadlines<Integer> tested = new Deadlines<>();
    Map<Integer, Long> model = new HashMap<>();
    for (int step : steps) {
      int owner = step % 7;
      long at = step / 7;
      if (step % 5 == 0) {
        tested.remove(owner);
        model.remove(owner);
      } else {
        tested.set(owner, at);
        model.put(owner, at);
      }
      long next = model.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
      assertThat(tested.nextNs()).isEqualTo(next);
    }
    List<Integer> due = new ArrayList<>();
    for (Integer owner = tested.pollDue(70); owner != null; owner = tested.pollDue(70)) {
      due.add(owner);
    }
    model.values().removeIf(at -> at > 70);
    assertThat(due).containsExactlyInAnyOrderElementsOf(model.keySet());
  }
}
