package parley.signalling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static NodeStatus node(String id, String region, double cpu, int devices) {
    return new NodeStatus(
        new NodeId(id), NodeFrame.VERSION, region, false, false, cpu, 0, devices, 0, 0, false);
  }

  private static NodeStatus draining(String id) {
    return new NodeStatus(new NodeId(id), NodeFrame.VERSION, "", true, false, 0, 0, 0, 0, 0, false);
  }

  private static String chosen(NodeStatus here, NodeStatus... others) {
    var all = new ArrayList<>(List.of(others));
    all.add(here);
    return Placement.choose(here, all).orElseThrow().node().value();
  }

  @Test
  void staysHereWhileOthersAreHardlyLessLoaded() {
    assertThat(chosen(node("n1", "", 0.3, 0), node("n2", "", 0.2, 0))).isEqualTo("n1");
  }

  @Test
  void goesWhereMuchLessIsToDo() {
    assertThat(chosen(node("n1", "", 0.7, 0), node("n2", "", 0.2, 0), node("n3", "", 0.3, 0)))
        .isEqualTo("n2");
    assertThat(chosen(node("n1", "", -1, 300), node("n2", "", -1, 20))).isEqualTo("n2");
  }

  @Test
  void staysInItsRegionUnlessThatIsFull() {
    assertThat(chosen(node("n1", "eu", 0.7, 0), node("n2", "us", 0.1, 0))).isEqualTo("n1");
    assertThat(chosen(node("n1", "eu", 0.95, 0), node("n2", "us", 0.1, 0))).isEqualTo("n2");
  }

  @Test
  void leavesOutWhoDrainsAndSaysWhy() {
    NodeStatus here = draining("n1");
    var choice = Placement.choose(here, List.of(here, node("n2", "", 0.5, 0))).orElseThrow();
    assertThat(choice.node().value()).isEqualTo("n2");
    assertThat(choice.why())
        .isEqualTo("n2 (cost 0.65: CPU 50 %, 0 calls, 0 devices); n1 is draining");
    assertThat(Placement.choose(here, List.of(here))).isEmpty();
  }

  @Test
  void leavesOutWhoHasNoRelayAndSaysSo() {
    NodeStatus here =
        new NodeStatus(new NodeId("n1"), NodeFrame.VERSION, "", false, false, 0, 0, 0, 9, 0, true);
    var choice = Placement.choose(here, List.of(here, node("n2", "", 0.95, 0))).orElseThrow();
    assertThat(choice.node().value()).as("full, but the only one").isEqualTo("n2");
    assertThat(choice.why()).endsWith("; n1 is no relay");
    assertThat(Placement.choose(here, List.of(here))).isEmpty();
  }
}
