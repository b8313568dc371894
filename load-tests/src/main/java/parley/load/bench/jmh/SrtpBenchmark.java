package parley.load.bench.jmh;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.srtp.PacketBuffer;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;
import parley.relay.srtp.SrtpTransport;
import parley.relay.srtp.SrtpTransports;

/** A packet of 100 bytes of voice is encrypted, and decrypted by the other side. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SrtpBenchmark {

  private static final int PAYLOAD_BYTES = 100;
  private static final int SSRC = 7;

  @Param private SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  private final OutgoingHeader header = new OutgoingHeader(SSRC, 111, 1, 0, "");
  private final PacketBuffer packet = new PacketBuffer();
  private SrtpTransport here = transport(profile, 1, 2);
  private SrtpTransport there = transport(profile, 2, 1);
  private int sequence;

  @Setup
  public void agree() {
    here = transport(profile, 1, 2);
    there = transport(profile, 2, 1);
  }

  private static SrtpTransport transport(SrtpProfile profile, int local, int remote) {
    return SrtpTransports.create(
        new SrtpKeys(
            profile,
            filled(profile.keyBytes, local),
            filled(profile.saltBytes, local),
            filled(profile.keyBytes, remote),
            filled(profile.saltBytes, remote)));
  }

  private static byte[] filled(int bytes, int with) {
    byte[] filled = new byte[bytes];
    Arrays.fill(filled, (byte) with);
    return filled;
  }

  @Benchmark
  public boolean protect() {
    write();
    return here.protectRtp(packet);
  }

  /** Less {@link #protect}, it is what decrypting takes. */
  @Benchmark
  public boolean protectAndUnprotect() {
    write();
    return here.protectRtp(packet) && there.unprotectRtp(packet);
  }

  private void write() {
    sequence++;
    packet.offset = 0;
    packet.length =
        PAYLOAD_BYTES
            + header.write(
                packet.data, 0, false, sequence & 0xFFFF, sequence * 960, SSRC, AudioLevel.SILENCE);
  }
}
