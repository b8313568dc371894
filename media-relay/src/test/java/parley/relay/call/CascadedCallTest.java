package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.srtp.PacketBuffer;
import parley.relay.trunk.TrunkFrame;

/** One call on three relays, in virtual time: what one sends the others reaches them at once. */
class CascadedCallTest {

  private static final int LOUD = 20;
  private static final int QUIET = 90;
  private static final int PACKETS = 50;
  private static final int NODES = 3;

  private final List<Stage> nodes = new ArrayList<>();
  private final List<RelayPeer> people = new ArrayList<>();
  private int crossed;

  @BeforeEach
  void tenPeopleOnThreeNodes() throws SdpException {
    for (int i = 0; i < NODES; i++) {
      Stage node = new Stage(3);
      node.call.linked(true);
      nodes.add(node);
    }
    for (int i = 0; i < 10; i++) {
      people.add(at(i).join(String.valueOf((char) ('a' + i)), Offers.client(3)));
    }
    nodes.forEach(Stage::takeHeard);
  }

  private Stage at(int person) {
    return nodes.get(person % NODES);
  }

  /** Everybody's packet of one moment, then the ways between the nodes, then 20 ms. */
  private void frame(int frame, int... talkers) {
    for (int i = 0; i < people.size(); i++) {
      int level = QUIET;
      for (int talker : talkers) {
        level = talker == i ? LOUD : level;
      }
      at(i).say(people.get(i), 1000 + i, frame, level);
    }
    carry();
    nodes.forEach(node -> node.pass(1));
    carry();
  }

  private void carry() {
    TrunkFrame view = new TrunkFrame();
    List<List<PacketBuffer>> sent = nodes.stream().map(node -> List.copyOf(node.far)).toList();
    nodes.forEach(node -> node.far.clear());
    for (int from = 0; from < NODES; from++) {
      for (PacketBuffer packet : sent.get(from)) {
        for (int to = 0; to < NODES; to++) {
          if (to != from) {
            crossed++;
            assertThat(view.wrap(packet)).isTrue();
            nodes.get(to).call.onFar(view, nodes.get(to).nowNs);
          }
        }
      }
    }
    assertThat(nodes).allSatisfy(node -> assertThat(node.far).isEmpty()); // nothing goes round
  }

  private static List<String> of(List<String> heard, int listener, int speaker) {
    String who = (char) ('a' + listener) + "<" + (char) ('a' + speaker) + "#";
    return heard.stream().filter(line -> line.startsWith(who)).toList();
  }

  @Test
  void everybodyHearsThoseWhoTalkWhicheverNodeTheyAreOn() {
    for (int i = 0; i < PACKETS; i++) {
      frame(i, 0, 1);
    }
    for (int listener = 0; listener < 10; listener++) {
      List<String> heard = copy(at(listener));
      for (int speaker = 0; speaker < 2; speaker++) {
        assertThat(of(heard, listener, speaker))
            .as("%d hears %d", listener, speaker)
            .hasSize(listener == speaker ? 0 : PACKETS);
      }
    }
  }

  private static List<String> copy(Stage node) {
    return node.heard.stream().map(packet -> packet.to() + "<" + packet.payload()).toList();
  }

  @Test
  void eachPacketOfWhoTalksGoesToEachOtherNodeOnce() {
    for (int i = 0; i < PACKETS; i++) {
      frame(i, 0, 1);
    }
    // Talkers × (nodes − 1) × packets, however many listen.
    assertThat(crossed).isEqualTo(2 * (NODES - 1) * PACKETS);
  }

  @Test
  void ofManyWhoTalkOnOneNodeOnlyTheLoudestGoOn() {
    for (int i = 0; i < PACKETS; i++) {
      frame(i, 0, 3, 6, 9); // all four on the first node, which forwards three
    }
    assertThat(crossed).isLessThanOrEqualTo(3 * (NODES - 1) * PACKETS + 2 * (NODES - 1));
    assertThat(crossed).isGreaterThan(3 * (NODES - 1) * (PACKETS - 5));
  }

  @Test
  void whoCeasesToTalkIsEndedWithSilenceElsewhere() {
    for (int i = 0; i < PACKETS; i++) {
      frame(i, 0);
    }
    nodes.forEach(Stage::takeHeard);
    crossed = 0;
    for (int i = PACKETS; i < 2 * PACKETS; i++) {
      frame(i);
    }
    // He is heard while his place is held, 800 ms, and then that he has ended.
    int held = (int) (Speaker.HOLD_NS / Stage.FRAME_NS);
    assertThat(crossed).isBetween((held - 1) * (NODES - 1), (held + 2) * (NODES - 1));
    assertThat(copy(nodes.get(1))).contains("b<silence", "e<silence", "h<silence");
  }

  @Test
  void whoIsMutedIsGoneAtOnce() {
    for (int i = 0; i < 10; i++) {
      frame(i, 0);
    }
    nodes.forEach(Stage::takeHeard);
    nodes.getFirst().call.mute(people.getFirst().id(), true, nodes.getFirst().nowNs);
    carry();
    assertThat(copy(nodes.get(1))).contains("b<silence");
    nodes.forEach(Stage::takeHeard);
    for (int i = 10; i < 20; i++) {
      frame(i, 0);
    }
    assertThat(copy(nodes.get(1))).noneMatch(line -> line.contains("<a#"));
  }

  @Test
  void theFloorIsGivenOnEveryNode() {
    for (int i = 0; i < 3 * PACKETS; i++) {
      frame(i, 0);
    }
    String contact = Stage.info("a").contact();
    assertThat(nodes).allSatisfy(node -> assertThat(node.floor).contains(contact));
  }

  @Test
  void onlyHisOwnNodeSaysThatSomebodyTalks() {
    for (int i = 0; i < PACKETS; i++) {
      frame(i, 0);
    }
    assertThat(nodes.getFirst().talking).contains("a+");
    assertThat(nodes.get(1).talking).isEmpty();
    assertThat(nodes.get(2).talking).isEmpty();
  }

  @Test
  void whoSaidNothingForAMinuteIsForgottenElsewhere() {
    for (int i = 0; i < 10; i++) {
      frame(i, 0);
    }
    nodes.forEach(node -> node.pass((int) (FarVoices.FORGET_NS / Stage.FRAME_NS) + 100));
    carry();
    crossed = 0;
    frame(4000, 0);
    assertThat(crossed).isEqualTo(NODES - 1);
    assertThat(copy(nodes.get(1))).anyMatch(line -> line.startsWith("b<a#4000"));
  }
}
