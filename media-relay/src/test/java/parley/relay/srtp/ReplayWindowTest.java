package parley.relay.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ReplayWindowTest {

  @Property
  void admitsWhatIsNewAndNotTooOld(@ForAll List<@LongRange(min = 0, max = 1500) Long> indices) {
    ReplayWindow window = new ReplayWindow();
    Set<Long> seen = new HashSet<>();
    long highest = -1;
    for (long index : indices) {
      boolean expected = !seen.contains(index) && index > highest - ReplayWindow.SIZE;
      assertThat(window.admits(index)).isEqualTo(expected);
      if (expected) {
        window.mark(index);
        seen.add(index);
        highest = Math.max(highest, index);
      }
      assertThat(window.highest()).isEqualTo(highest);
    }
  }
}
