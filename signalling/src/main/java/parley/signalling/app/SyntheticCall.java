package parley.signalling.app;

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
import parley.relay.recording.Recorder;
import parley.relay.recording.RecordingTap;

/** Two people who say noise, given to a recorder as a relay would. For trials of the recorder. */
final class SyntheticCall {

  private static final long PACKET_MS = 20;
  private static final int PACKETS_A_SECOND = 50;
  private static final int PAYLOAD_BYTES = 80;

  /** An Opus packet of one 20 ms CELT frame, full band, mono (RFC 6716 §3.1). */
  private static final byte TOC = (byte) 0xf8;

  /** The recorder comes by every 20 ms; a second's packets are then no more than it can hold. */
  private static final long BURST_PAUSE_NS = 30_000_000L;

  private static final PeerId ONE = new PeerId("one");
  private static final PeerId OTHER = new PeerId("other");

  private final CallId id = new CallId(UUID.randomUUID().toString());
  private final long startNs = System.nanoTime();
  private final RecordingTap tap;
  private final Random random = new Random(1);
  private final byte[] payload = new byte[PAYLOAD_BYTES];
  private int packets;

  /** Begins to record a call that two have joined. */
  SyntheticCall(Recorder recorder) {
    var info = new CallInfo("team", "g-1", "Selftest", Instant.now());
    tap = recorder.open(id, info, startNs);
    tap.mark(ONE, new Mark.Joined(new PeerInfo("d-1", "One", ""), false), startNs);
    tap.mark(OTHER, new Mark.Joined(new PeerInfo("d-2", "Other", ""), false), startNs);
  }

  /** Records one call from its beginning to its end, as fast as it can be written. */
  static void record(Recorder recorder, Duration length) {
    var call = new SyntheticCall(recorder);
    for (long i = 0; i < length.toMillis() / PACKET_MS; i++) {
      if (i % PACKETS_A_SECOND == 0) {
        LockSupport.parkNanos(BURST_PAUSE_NS);
      }
      call.say();
    }
    call.close();
  }

  CallId id() {
    return id;
  }

  /** How much each of them has said, in ms. */
  long saidMs() {
    return packets * PACKET_MS;
  }

  /** Both say another packet, when it is time for it. */
  void sayInTime() {
    long dueNs = startNs + (saidMs() + PACKET_MS) * 1_000_000;
    for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    say();
  }

  private void say() {
    long nowNs = startNs + (saidMs() + PACKET_MS) * 1_000_000;
    random.nextBytes(payload);
    payload[0] = TOC;
    int sequence = packets & 0xffff;
    tap.rtp(ONE, sequence, 960 * packets, payload, 0, payload.length, nowNs);
    tap.rtp(OTHER, sequence, 960 * packets, payload, 0, payload.length, nowNs);
    packets++;
  }

  /** The call ends with what has been said. */
  void close() {
    tap.close(startNs + saidMs() * 1_000_000);
  }
}
