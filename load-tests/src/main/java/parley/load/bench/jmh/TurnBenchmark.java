package parley.load.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A packet of 160 bytes through the TURN server, each way, without a socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TurnBenchmark {

  private final RelayedPair pair = new RelayedPair();

  @Benchmark
  public long channelToPeer() {
    return pair.channelToPeer();
  }

  @Benchmark
  public long peerToChannel() {
    return pair.peerToChannel();
  }

  @Benchmark
  public long sendIndication() {
    return pair.sendIndication();
  }
}
