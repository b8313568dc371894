package parley.load.bench.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RtpPacket;
import parley.relay.rtp.RtpRewriter;
import parley.relay.srtp.PacketBuffer;

/** Reading an RTP header, and finding and writing the one for a listener. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderBenchmark {

  private static final int SOURCE = 7;
  private static final int TICKS = 960;
  private static final int PAYLOAD_BYTES = 100;

  private final RtpPacket view = new RtpPacket();
  private final PacketBuffer in = new PacketBuffer();
  private final PacketBuffer out = new PacketBuffer();
  private final OutgoingHeader header = new OutgoingHeader(9, 111, 1, 2, "0");
  private final RtpRewriter rewriter = new RtpRewriter(9, new Random(1));
  private int sequence;

  public HeaderBenchmark() {
    var incoming = new OutgoingHeader(SOURCE, 111, 1, 0, "");
    in.length = PAYLOAD_BYTES + incoming.write(in.data, 0, false, 1, TICKS, 0, 20);
    rewriter.switchTo(SOURCE);
  }

  @Benchmark
  public boolean read() {
    return view.wrap(in);
  }

  @Benchmark
  public int rewrite() {
    sequence++;
    boolean _ =
        rewriter.rewrite(
            SOURCE, sequence & 0xFFFF, sequence * TICKS, false, TICKS, sequence * 20_000_000L);
    return header.write(
        out.data, 0, rewriter.marker(), rewriter.sequence(), rewriter.timestamp(), SOURCE, 20);
  }
}
