package parley.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrometheusTextTest {

  @Test
  void addsUpTheHeapsParts() {
    Vitals vitals =
        PrometheusText.parse(
            """
            # TYPE jvm_memory_used_bytes gauge
            jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 2.0E7
            jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 3.0E7
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0E7
            process_cpu_time_ns_total 4.5E9
            """);
    assertThat(vitals.heapMb()).isEqualTo(50);
    assertThat(vitals.cpuS()).isEqualTo(4.5);
    assertThat(vitals.residentMb()).isNaN();
  }

  @Test
  void doesNotThrowAtWhatIsNoNumber() {
    assertThat(PrometheusText.parse("process_cpu_time_ns_total oops\n").cpuS()).isNaN();
  }
}
