package parley.relay.mix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MixerAllocationTest {

  private static final int FRAMES = 4_000;

  private final byte[][] packets = new byte[50][];
  private long bytes;
  private final Mixer mixer = new Mixer(frame -> bytes += frame.length);

  @Test
  void mixingAllocatesNothing() {
    Tone tone = new Tone(440, 0.2);
    for (int i = 0; i < packets.length; i++) {
      tone.next();
      packets[i] = Arrays.copyOf(tone.packet(), tone.length());
    }
    mixer.beginStream(0, 0, 0);
    mixer.beginStream(1, 1, 0);
    mixer.beginTrack(0, true);
    mixer.beginTrack(1, true);
    mix(0, 3 * FRAMES); // until the calls of libopus are compiled
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    mix(3 * FRAMES, FRAMES);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(bytes).isGreaterThan(100L * FRAMES);
    assertThat(allocated).isLessThan(20L * FRAMES); // one object a frame would be more
  }

  private void mix(int from, int count) {
    for (int i = from; i < from + count; i++) {
      long nowNs = i * 20_000_000L;
      byte[] packet = packets[i % packets.length];
      for (int track = 0; track < 2; track++) {
        mixer.packet(track, i & 0xFFFF, i * 960, false, packet, 0, packet.length, nowNs);
      }
      mixer.onTick(nowNs + 10_000_000L);
    }
  }
}
