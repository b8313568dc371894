package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import parley.relay.api.RelayEvent;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyRing;

/**
 * A process to be killed: DIRECTORY KEY SEED, and the key to encrypt with, or none. Records one
 * call after the other, of up to three seconds, and says how far it is:
 *
 * <pre>
 * call &lt;uid&gt;
 * said &lt;ms&gt;      of that call
 * ready &lt;uid&gt;    the recorder has told that it is whole
 * </pre>
 */
final class RecordingVictim {

  private static final int LONGEST_MS = 3000;

  private RecordingVictim() {}

  public static void main(String[] args) throws IOException {
    Log.level("error"); // of what was killed before
    var random = new Random(Long.parseLong(args[2]));
    SigningKey key = SigningKey.open(Path.of(args[1]));
    KeyRing ring =
        args.length < 4
            ? KeyRing.NONE
            : new KeyRing(List.of(KeyAddress.open(args[3], new char[0])), List.of());
    try (var recorder =
        new Recorder(Path.of(args[0]), Clock.systemUTC(), key, ring, RecordingVictim::tell)) {
      while (true) {
        var call = new SyntheticCall(recorder);
        System.out.println("call " + call.id());
        int lengthMs = random.nextInt(LONGEST_MS);
        while (call.saidMs() < lengthMs) {
          call.sayInTime();
          System.out.println("said " + call.saidMs());
        }
        call.close();
      }
    }
  }

  private static void tell(RelayEvent event) {
    if (event instanceof RelayEvent.RecordingReady ready) {
      System.out.println("ready " + ready.call());
    }
  }
}
