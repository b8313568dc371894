package parley.relay.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TalkTimeTest {

  private final TalkTime talk = new TalkTime();

  @Test
  void countsTwoDevicesOfOneContactOnce() {
    talk.add("alice", 0, 1_000);
    talk.add("alice", 500, 2_000);
    assertThat(talk.totalMs()).isEqualTo(2_000);
    assertThat(talk.overlapMs()).isZero();
  }

  @Test
  void countsWhatTwoAndThreeSayAtOnceOnce() {
    talk.add("alice", 0, 1_000);
    talk.add("bob", 500, 1_500);
    talk.add("carol", 600, 700);
    assertThat(talk.overlapMs()).isEqualTo(500);
    assertThat(talk.totalMs()).isEqualTo(2_100);
  }

  @Test
  void takesOneWhoBeginsWhenAnotherEndsForNoOverlap() {
    talk.add("alice", 0, 1_000);
    talk.add("bob", 1_000, 2_000);
    talk.add("carol", 3_000, 2_000); // written by somebody who cannot count
    assertThat(talk.overlapMs()).isZero();
    assertThat(talk.totalMs()).isEqualTo(2_000);
  }

  /** Whatever the spans are, the same as counting millisecond by millisecond. */
  @Property(tries = 300)
  void countsAsSlowlyAsOneCan(
      @ForAll @Size(max = 90) List<Integer> numbers,
      @ForAll @IntRange(min = 1, max = 4) int people) {
    var counted = new TalkTime();
    BitSet[] by = new BitSet[people];
    for (int i = 0; i < people; i++) {
      by[i] = new BitSet();
    }
    for (int i = 0; i + 2 < numbers.size(); i += 3) {
      int who = Math.floorMod(numbers.get(i), people);
      int from = Math.floorMod(numbers.get(i + 1), 200);
      int to = from + Math.floorMod(numbers.get(i + 2), 50);
      counted.add("p" + who, from, to);
      by[who].set(from, to);
    }
    long total = 0;
    long overlap = 0;
    for (int ms = 0; ms < 250; ms++) {
      int talking = 0;
      for (BitSet one : by) {
        talking += one.get(ms) ? 1 : 0;
      }
      total += talking;
      overlap += talking >= 2 ? 1 : 0;
    }
    assertThat(counted.totalMs()).isEqualTo(total);
    assertThat(counted.overlapMs()).isEqualTo(overlap);
  }
}
