package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.relay.recording.RecordingTap;

/** Two people who say noise, given to a recorder as a relay would. For trials of the recorder. */
final class SyntheticCall {

  /** How fast it goes. */
  enum Pace {
    AT_ONCE,
    REAL_TIME
  }

  private static final long PACKET_NS = 20_000_000L;
  private static final int PACKETS_A_SECOND = 50;
  private static final int PAYLOAD_BYTES = 80;

  /** An Opus packet of one 20 ms CELT frame, full band, mono (RFC 6716 §3.1). */
  private static final byte TOC = (byte) 0xf8;

  /** The recorder comes by every 20 ms; a second's packets are then no more than it can hold. */
  private static final long BURST_PAUSE_NS = 30_000_000L;

  private static final PeerId ONE = new PeerId("one");
  private static final PeerId OTHER = new PeerId("other");

  private SyntheticCall() {}

  /** Records one call from its beginning to its end. */
  static void record(Recorder recorder, Duration length, Pace pace) {
    long startNs = System.nanoTime();
    var info = new CallInfo("team", "g-1", "Selftest", Instant.now());
    RecordingTap tap = recorder.open(new CallId(UUID.randomUUID().toString()), info, startNs);
    tap.mark(ONE, new Mark.Joined(new PeerInfo("d-1", "One", ""), false), startNs);
    tap.mark(OTHER, new Mark.Joined(new PeerInfo("d-2", "Other", ""), false), startNs);
    var random = new Random(1);
    byte[] payload = new byte[PAYLOAD_BYTES];
    long packets = length.toNanos() / PACKET_NS;
    for (int i = 0; i < packets; i++) {
      long dueNs = startNs + (i + 1) * PACKET_NS;
      if (pace == Pace.REAL_TIME) {
        await(dueNs);
      } else if (i % PACKETS_A_SECOND == 0) {
        await(System.nanoTime() + BURST_PAUSE_NS);
      }
      random.nextBytes(payload);
      payload[0] = TOC;
      tap.rtp(ONE, i & 0xffff, 960 * i, payload, 0, payload.length, dueNs);
      tap.rtp(OTHER, i & 0xffff, 960 * i, payload, 0, payload.length, dueNs);
      if (pace == Pace.REAL_TIME) {
        System.out.println((dueNs - startNs) / 1_000_000); // what is handed over, in ms
      }
    }
    tap.close(startNs + length.toNanos());
  }

  private static void await(long dueNs) {
    for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** A process to be killed: DIRECTORY KEY. Records for an hour, and says how far it is. */
  public static void main(String[] args) throws IOException {
    try (var recorder =
        new Recorder(
            Path.of(args[0]), Clock.systemUTC(), SigningKey.open(Path.of(args[1])), event -> {})) {
      record(recorder, Duration.ofHours(1), Pace.REAL_TIME);
    }
  }
}
