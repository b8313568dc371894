package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.SigningKey;

/** A process that records until it is killed. Prints how many milliseconds it has handed over. */
final class RecordingVictim {

  private static final PeerId TALKER = new PeerId("talker");
  private static final PeerId SILENT = new PeerId("silent");

  private RecordingVictim() {}

  public static void main(String[] args) throws IOException {
    Recorder recorder =
        new Recorder(
            Path.of(args[0]), Clock.systemUTC(), SigningKey.open(Path.of(args[1])), event -> {});
    long start = System.nanoTime();
    CallInfo info = new CallInfo("team", "g-1", "Group", Instant.now());
    RecordingTap tap =
        recorder.open(new CallId("0a0b0c0d-1111-2222-3333-444455556666"), info, start);
    tap.mark(TALKER, new Mark.Joined(new PeerInfo("d-1", "Talker", ""), false), start);
    tap.mark(SILENT, new Mark.Joined(new PeerInfo("d-2", "Silent", ""), false), start);
    byte[] payload = new byte[80];
    payload[0] = (byte) 0xf8;
    for (int k = 0; ; k++) {
      long due = start + (k + 1) * 20_000_000L;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      tap.rtp(TALKER, k & 0xffff, 960 * k, payload, 0, payload.length, System.nanoTime());
      System.out.println((System.nanoTime() - start) / 1_000_000);
    }
  }
}
