package parley.signalling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Two ends, and a bus between them that loses. */
class NodeStreamTest {

  private static final long STEP_NS = 10_000_000L;

  private final ArrayDeque<NodeFrame> toB = new ArrayDeque<>();
  private final ArrayDeque<NodeFrame> toA = new ArrayDeque<>();
  private NodeStream a = new NodeStream(new NodeId("a"), 1, toB::add);
  private NodeStream b = new NodeStream(new NodeId("b"), 1, toA::add);
  private final List<Integer> heardByB = new ArrayList<>();
  private long nowNs;

  private void say(int what) {
    assertThat(a.send(IntNode.valueOf(what), 1, nowNs)).isTrue();
  }

  /** A while, in which of a hundred frames so many are lost. */
  private void pass(int steps, int lossPercent, Random random) {
    for (int i = 0; i < steps; i++) {
      nowNs += STEP_NS;
      a.onTime(nowNs);
      b.onTime(nowNs);
      for (NodeFrame frame = toB.poll(); frame != null; frame = toB.poll()) {
        if (random.nextInt(100) >= lossPercent
            && b.on(frame, nowNs) == NodeStream.Heard.MESSAGE
            && frame.m() != null) {
          heardByB.add(frame.m().intValue());
        }
      }
      for (NodeFrame frame = toA.poll(); frame != null; frame = toA.poll()) {
        if (random.nextInt(100) >= lossPercent
            && a.on(frame, nowNs) == NodeStream.Heard.BEGIN_ANEW) {
          var unsaid = a.beginAnew(2);
          unsaid.forEach(each -> a.send(each, 1, nowNs));
        }
      }
    }
  }

  @Property(tries = 50)
  void bringsEachMessageOnceAndInOrder(
      @ForAll long seed, @ForAll @IntRange(max = 20) int lossPercent) {
    var random = new Random(seed);
    heardByB.clear();
    toA.clear();
    toB.clear();
    a = new NodeStream(new NodeId("a"), 1, toB::add);
    b = new NodeStream(new NodeId("b"), 1, toA::add);
    for (int i = 0; i < 500; i++) {
      say(i);
      if (random.nextInt(5) == 0) {
        pass(random.nextInt(20), lossPercent, random);
      }
    }
    pass(30_000, lossPercent, random);
    assertThat(heardByB).containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
    assertThat(a.unacknowledged()).isEmpty();
  }

  @Test
  void isSilentWhenAllIsSaid() {
    say(1);
    pass(100, 0, new Random(1));
    assertThat(a.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    assertThat(b.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void beginsAnewWhenTheOtherHasForgotten() {
    say(1);
    pass(100, 0, new Random(1));
    b = new NodeStream(new NodeId("b"), 2, toA::add);
    say(2);
    say(3);
    pass(200, 0, new Random(1));
    assertThat(heardByB).containsExactly(1, 2, 3);
  }

  @Test
  void noticesThatItWasForgottenWhenItHasNothingToSay() {
    say(1);
    b.send(IntNode.valueOf(7), 1, nowNs);
    pass(100, 0, new Random(1));
    b = new NodeStream(new NodeId("b"), 2, toA::add);
    b.send(IntNode.valueOf(8), 1, nowNs);
    pass(100, 0, new Random(1));
    assertThat(a.pollForgotten()).isTrue();
    assertThat(a.pollForgotten()).isFalse();
  }

  @Test
  void passesOverWhatComesLateFromAnEarlierStream() {
    say(1);
    NodeFrame late = toB.peek();
    pass(100, 0, new Random(1));
    a.beginAnew(5);
    say(2);
    pass(100, 0, new Random(1));
    assertThat(b.on(late, nowNs)).isEqualTo(NodeStream.Heard.NOTHING);
    say(3);
    pass(100, 0, new Random(1));
    assertThat(heardByB).containsExactly(1, 2, 3);
  }

  @Test
  void saysWhenTooMuchWaits() {
    for (int i = 0; i < NodeStream.MAX_KEPT; i++) {
      say(i);
    }
    assertThat(a.send(IntNode.valueOf(-1), 1, nowNs)).isFalse();
  }
}
