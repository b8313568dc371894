package parley.load.bench.flame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlameGraphTest {

  private static final List<String> SAMPLES =
      List.of(
          "[media-loop-0 tid=31];parley/relay/net/SendBatch.send;sendmmsg;__x64_sys_sendmmsg_[k];"
              + "udp_sendmsg_[k] 40",
          "[media-loop-0 tid=31];parley/relay/net/SendBatch.send;sendmmsg;__x64_sys_sendmmsg_[k];"
              + "process_backlog_[k];udp_queue_rcv_skb_[k] 30",
          "[media-loop-0 tid=31];parley/relay/call/RelayCall.onRtp;"
              + "parley/relay/srtp/CryptoContext.protectRtp;aesni_ctr32_ghash_6x 20",
          "[media-loop-0 tid=31];parley/relay/call/RelayCall.onRtp 5",
          "[C2 CompilerThre tid=9];start_thread;PhaseLive::compute 5",
          "not a sample");

  @Test
  void dividesTimeAmongStages() {
    StageTable table = new StageTable(Stacks.parse(SAMPLES));

    assertThat(table.share(Stage.SENDING)).isEqualTo(0.40);
    assertThat(table.share(Stage.SENDING_RECEIVER)).isEqualTo(0.30);
    assertThat(table.share(Stage.ENCRYPTING)).isEqualTo(0.20);
    assertThat(table.share(Stage.ROUTING)).isEqualTo(0.05);
    assertThat(table.share(Stage.COMPILING)).isEqualTo(0.05);
    assertThat(table.text(10)).startsWith("   40.0 %   4.00 us  kernel: sending\n");
  }

  @Test
  void mergesThreadsOfOneKindAndForgetsAddresses() {
    Stacks stacks =
        Stacks.parse(
            List.of(
                "[mixer-0 tid=1];parley/A$$Lambda.0x0000000073239f48.run 1",
                "[mixer-1 tid=2];parley/A$$Lambda.0x00000000aaaaaaaa.run 2"));

    Stacks.Node thread = stacks.root().children().getFirst();
    assertThat(thread.frame).isEqualTo("mixer");
    assertThat(thread.samples()).isEqualTo(3);
    assertThat(thread.children()).hasSize(1);
  }

  @Test
  void drawsWidthsByTime() {
    String svg = new FlameGraph(Stacks.parse(SAMPLES), "a < b").svg();

    assertThat(svg).contains("a &lt; b").contains("<title>all: 100.00 %");
    assertThat(svg)
        .contains("<title>udp_sendmsg: 40.00 %</title>")
        .contains("<title>parley.relay.net.SendBatch.send: 70.00 %</title>");
    assertThat(svg).contains("width=\"480.0\""); // 40 % of 1200
  }

  @Test
  void leavesOutWhatNobodyCouldPointAt() {
    String svg =
        new FlameGraph(Stacks.parse(List.of("[a tid=1];wide.B.c 100000", "[a tid=1];x.Y.z 1")), "")
            .svg();

    assertThat(svg).contains("wide.B.c").doesNotContain("x.Y.z");
  }

  @Test
  void knowsWhoseCodeAFrameIs() {
    assertThat(FlameGraph.Owner.of("udp_sendmsg_[k]")).isEqualTo(FlameGraph.Owner.KERNEL);
    assertThat(FlameGraph.Owner.of("parley.relay.net.Leg.sendRtp"))
        .isEqualTo(FlameGraph.Owner.PARLEY);
    assertThat(FlameGraph.Owner.of("io.netty.channel.epoll.EpollIoHandler.run"))
        .isEqualTo(FlameGraph.Owner.JAVA);
    assertThat(FlameGraph.Owner.of("PhaseLive::compute")).isEqualTo(FlameGraph.Owner.NATIVE);
  }
}
