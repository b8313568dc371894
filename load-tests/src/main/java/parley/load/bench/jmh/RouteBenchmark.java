package parley.load.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * An incoming packet, decrypted already, goes to everybody else in the call: ranking, statistics,
 * who hears whom, and a header for each; without encryption. Divide by the listeners.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {

  @Param({"2", "10", "30", "1000"})
  private int people = 2;

  private RoutedCall call = new RoutedCall(people);

  @Setup
  public void fill() {
    call = new RoutedCall(people);
  }

  @Benchmark
  public long route() {
    return call.speak();
  }

  /** What a call does every 20 ms when nobody says anything. */
  @Benchmark
  public void tick() {
    call.tick();
  }
}
