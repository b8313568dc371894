package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;

class SpeakerSelectorTest {

  private static final long FRAME_NS = 20_000_000L;
  private static final int QUIET = 90;

  private final SpeakerSelector selector = new SpeakerSelector();
  private final List<Speaker> speakers = new ArrayList<>();
  private long nowNs = 7_000_000_000L;

  @BeforeEach
  void fiveJoin() {
    for (int i = 0; i < 5; i++) {
      var info = new PeerInfo("d-" + i, "", "");
      speakers.add(new Speaker(new RelayPeer(new PeerId("p" + i), info, "", new Random(i))));
      selector.add(speakers.get(i));
    }
  }

  @Test
  void theFirstSoundTakesAPlaceInFront() {
    assertThat(selector.heard(speakers.get(4), 30, nowNs)).isZero();
    assertOrder(4, 0, 1, 2, 3);
  }

  @Test
  void quietPacketsMoveNobody() {
    for (int i = 0; i < 100; i++) {
      for (Speaker speaker : speakers) {
        assertThat(selector.heard(speaker, QUIET, nowNs)).isEqualTo(Integer.MAX_VALUE);
      }
      nowNs += FRAME_NS;
    }
    assertOrder(0, 1, 2, 3, 4);
  }

  @Test
  void theLouderPassTheSofterOnes() {
    talk(50, 54, 46, 32, 20, 39); // −dBov of 0..4
    assertOrder(3, 2, 4, 1, 0);
  }

  @Test
  void aLittleLouderIsNotEnough() {
    talk(20, 30, 30, QUIET, QUIET, QUIET);
    assertOrder(0, 1, 2, 3, 4);
    talk(50, 33, 28, QUIET, QUIET, QUIET);
    assertOrder(0, 1, 2, 3, 4);
    talk(50, 38, 28, QUIET, QUIET, QUIET);
    assertOrder(1, 0, 2, 3, 4);
  }

  @Test
  void whoFallsSilentKeepsHisPlaceUntilSomebodyNeedsIt() {
    talk(20, 30, 30, QUIET, QUIET, QUIET);
    talk(100, QUIET, QUIET, QUIET, QUIET, QUIET);
    assertOrder(0, 1, 2, 3, 4);
    selector.heard(speakers.get(3), 50, nowNs);
    assertOrder(3, 0, 1, 2, 4);
  }

  @Test
  void aBeginnerPassesTheSilentEvenWithSpeakersBehindThem() {
    talk(20, 30, 30, 30, 30, QUIET);
    // 0 falls silent in front; the others speak on.
    talk(60, QUIET, 30, 30, 30, QUIET);
    selector.heard(speakers.get(4), 50, nowNs);
    assertThat(speakers.get(4).rank).isLessThan(4);
    assertThat(speakers.get(0).rank).isEqualTo(4);
  }

  @Test
  void aPauseForBreathCostsNoPlace() {
    talk(20, 30, 30, QUIET, QUIET, QUIET);
    talk(20, QUIET, 30, QUIET, QUIET, QUIET); // 400 ms
    selector.heard(speakers.get(4), 45, nowNs);
    assertThat(speakers.get(0).rank).isZero();
    assertThat(speakers.get(4).rank).isEqualTo(2);
  }

  @Test
  void whoLeavesLeavesNoHole() {
    talk(20, 30, 30, QUIET, QUIET, QUIET);
    selector.remove(speakers.get(1));
    assertThat(selector.size()).isEqualTo(4);
    assertOrder(0, 2, 3, 4);
    assertThat(speakers.get(1).rank).isEqualTo(-1);
    assertThat(speakers.get(1).speaking(nowNs)).isFalse();
  }

  @Test
  void growsWithTheCall() {
    for (int i = 5; i < 40; i++) {
      var info = new PeerInfo("d-" + i, "", "");
      speakers.add(new Speaker(new RelayPeer(new PeerId("p" + i), info, "", new Random(i))));
      selector.add(speakers.get(i));
    }
    selector.heard(speakers.get(39), 30, nowNs);
    assertThat(selector.at(0)).isSameAs(speakers.get(39));
    assertThat(selector.at(39)).isSameAs(speakers.get(38));
  }

  /** Everybody sends so many packets of his level. */
  private void talk(int frames, int... levels) {
    for (int i = 0; i < frames; i++) {
      for (int who = 0; who < levels.length; who++) {
        selector.heard(speakers.get(who), levels[who], nowNs);
      }
      nowNs += FRAME_NS;
    }
  }

  private void assertOrder(int... who) {
    assertThat(selector.size()).isEqualTo(who.length);
    for (int rank = 0; rank < who.length; rank++) {
      assertThat(selector.at(rank)).as("rank %d", rank).isSameAs(speakers.get(who[rank]));
      assertThat(selector.at(rank).rank).isEqualTo(rank);
    }
  }
}
