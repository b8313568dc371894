package parley.load.bench.flame;

import java.util.List;

/** A part of a packet's way, told by the frames that only it has; the first that fits counts. */
enum Stage {
  COMPILING("JVM: compiling", true, List.of("C1 Comp", "C2 Comp")),
  COLLECTING(
      "JVM: collecting garbage", true, List.of("G1 ", "GC Thread", "VM Thread", "VM Periodic")),
  SENDING_RECEIVER(
      "kernel: the receiver's half of sending (loopback)",
      false,
      List.of("sendmmsg_[k]"),
      List.of("process_backlog_[k]", "net_rx_action_[k]")),
  SENDING("kernel: sending", false, List.of("sendmmsg_[k]")),
  RECEIVING("kernel: receiving", false, List.of("recvmmsg_[k]")),
  WAITING(
      "kernel: waiting, waking and switching",
      false,
      List.of("epoll_wait_[k]", "epoll_pwait2_[k]", "futex_[k]", "nanosleep_[k]", "schedule_[k]")),
  KERNEL("kernel: the rest", false, List.of("_[k]")),
  ENCODING("encoding mixes (Opus)", false, List.of("OpusEncoder.")),
  DECODING("decoding voices (Opus)", false, List.of("OpusDecoder.")),
  MIXING("adding up voices", false, List.of("parley.relay.mix.")),
  ENCRYPTING("encrypting (SRTP)", false, List.of("CryptoContext.protectRt")),
  DECRYPTING("decrypting (SRTP)", false, List.of("CryptoContext.unprotectRt")),
  BATCHING("queueing for sendmmsg", false, List.of("UdpPort.send", "UdpPort.flush", "SendBatch.")),
  ROUTING("routing and RTP headers", false, List.of("RelayCall.onRtp")),
  TICKING("ticks: deadlines, floor, reports", false, List.of("MediaLoop.onTick")),
  CHECKS("ICE and DTLS", false, List.of("MediaLoop.onStun", "BcDtlsSession.")),
  TAKING("taking datagrams in", false, List.of("SocketReader.", "EpollDatagramChannel")),
  RECORDING("recording", false, List.of("parley.relay.recording.")),
  LOOP("the event loop", false, List.of("io.netty.")),
  REST("the rest", false, List.of(""));

  final String label;
  private final boolean byThread;
  private final List<String> frames;
  private final List<String> within;

  Stage(String label, boolean byThread, List<String> frames) {
    this(label, byThread, frames, List.of());
  }

  /**
   * @param byThread whether it is told by the thread's name alone
   * @param within one of these has to be there, too
   */
  Stage(String label, boolean byThread, List<String> frames, List<String> within) {
    this.label = label;
    this.byThread = byThread;
    this.frames = frames;
    this.within = within;
  }

  static Stage of(List<String> stack) {
    for (Stage stage : values()) {
      if (stage.fits(stack)) {
        return stage;
      }
    }
    return REST;
  }

  private boolean fits(List<String> stack) {
    if (byThread) {
      return frames.stream().anyMatch(stack.getFirst()::startsWith);
    }
    return has(stack, frames) && (within.isEmpty() || has(stack, within));
  }

  private static boolean has(List<String> stack, List<String> any) {
    return stack.stream().anyMatch(frame -> any.stream().anyMatch(frame::contains));
  }
}
