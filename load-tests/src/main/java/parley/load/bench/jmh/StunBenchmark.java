package parley.load.bench.jmh;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import parley.relay.client.BindingRequest;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;

/** A connectivity check, as every client sends one every few seconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StunBenchmark {

  private static final String PASSWORD = "abcdefghijklmnopqrstuvwx";

  private final StunCodec codec = new Ice4jStunCodec();
  private final InetSocketAddress client = new InetSocketAddress("192.0.2.7", 40_000);
  private final byte[] check =
      new BindingRequest(new byte[12], "abcd:efgh", PASSWORD, true, 42).encode();

  @Benchmark
  public @Nullable StunMessage parse() {
    return codec.tryParse(check, 0, check.length);
  }

  /** Parsed, proved and answered. */
  @Benchmark
  public byte[] answer() {
    StunMessage message = codec.tryParse(check, 0, check.length);
    if (message == null || !codec.verify(message, PASSWORD)) {
      throw new IllegalStateException("the check is good");
    }
    return codec.bindingSuccess(message, client, PASSWORD);
  }
}
