package parley.signalling.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import parley.signalling.link.LinkStream.Receipt;
import parley.signalling.link.LinkStream.Said;

/** Two ends over connections that break at any moment, losing whatever is on its way. */
class LinkStreamPropertyTest {

  private static final int STEPS = 2_000;

  /** One end: what it said, what it heard, and what is on its way to it. */
  private static final class End {
    final LinkStream<Integer> stream = new LinkStream<>(Integer.MAX_VALUE);
    final List<Integer> said = new ArrayList<>();
    final List<Integer> heard = new ArrayList<>();
    final Deque<Object> arriving = new ArrayDeque<>();

    void says() {
      said.add(said.size());
      assertThat(stream.say(said.size() - 1, 1)).isTrue();
    }

    void transmits(End to) {
      Said<Integer> next = stream.pollTransmit();
      if (next != null) {
        to.arriving.add(next);
      }
    }

    void acknowledges(End to) {
      stream.receiptTold();
      to.arriving.add(stream.received());
    }

    void takes(boolean twice) {
      Object first = twice ? arriving.peek() : arriving.poll();
      switch (first) {
        case null -> {}
        case Long upTo -> assertThat(stream.onAcknowledged(upTo)).isTrue();
        case Said<?> message -> {
          Receipt receipt = stream.onNumber(message.seq());
          assertThat(receipt).isNotEqualTo(Receipt.GAP);
          if (receipt == Receipt.NEW) {
            heard.add((Integer) message.message());
          }
        }
        default -> throw new AssertionError(first);
      }
    }
  }

  @Property(tries = 300)
  void everyMessageTakesEffectOnceAndInOrder(@ForAll long seed) {
    var random = new Random(seed);
    var chat = new End();
    var parley = new End();
    boolean up = false;
    for (int i = 0; i < STEPS; i++) {
      End one = random.nextBoolean() ? chat : parley;
      End other = one == chat ? parley : chat;
      switch (random.nextInt(up ? 12 : 4)) {
        case 0 -> one.says();
        case 1 -> one.says();
        case 2 -> {
          // A hello or a welcome is lost: the connection was up for one end only, or for none.
          if (random.nextInt(4) == 0) {
            one.stream.resume(other.stream.received());
            cut(chat, parley);
            up = false;
          }
        }
        case 3 -> {
          cut(chat, parley);
          up = random.nextInt(3) > 0;
          if (up) {
            connect(chat, parley);
          }
        }
        case 4, 5, 6 -> one.transmits(other);
        case 7, 8, 9 -> one.takes(false);
        case 10 -> one.takes(true);
        default -> one.acknowledges(other);
      }
    }
    cut(chat, parley);
    connect(chat, parley);
    for (int i = 0; i < 4 * STEPS; i++) {
      chat.transmits(parley);
      parley.transmits(chat);
      chat.takes(false);
      parley.takes(false);
    }
    assertThat(parley.heard).isEqualTo(chat.said);
    assertThat(chat.heard).isEqualTo(parley.said);
    chat.acknowledges(parley);
    parley.acknowledges(chat);
    chat.takes(false);
    parley.takes(false);
    assertThat(chat.stream.kept()).isZero();
    assertThat(parley.stream.kept()).isZero();
  }

  private static void cut(End chat, End parley) {
    chat.arriving.clear();
    parley.arriving.clear();
    chat.stream.disconnected();
    parley.stream.disconnected();
  }

  private static void connect(End chat, End parley) {
    long toldByChat = chat.stream.received();
    assertThat(parley.stream.resume(toldByChat)).isTrue();
    assertThat(chat.stream.resume(parley.stream.received())).isTrue();
  }
}
