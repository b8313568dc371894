package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import parley.signalling.call.CallPolicy;
import parley.signalling.call.SessionId;
import parley.signalling.wire.EventCodec;

/** What waits for a thread that does not come. */
class CallLoopTest {

  private static final SessionId SESSION = new SessionId("s");

  private final EventCodec codec = new EventCodec();
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final CallLoop loop =
      new CallLoop(
          codec,
          new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults()),
          Clock.systemUTC(),
          metrics,
          CallEvents.NONE);

  @Test
  void takesNoMoreBytesThanItsMemoryAllows() {
    int taken = 0;
    while (said(EventCodec.MAX_FRAME_BYTES)) {
      taken++;
    }
    assertThat(taken).isEqualTo(CallLoop.MAX_QUEUED_BYTES / EventCodec.MAX_FRAME_BYTES);
    assertThat(loop.closed(SESSION)).as("the end of a socket still comes in").isTrue();
    assertThat(metrics.counter("parley.signalling.inputs.dropped").count()).isEqualTo(1);
  }

  @Test
  void takesNoMoreEventsThanItCanWorkOff() {
    int taken = 0;
    while (said(1)) {
      taken++;
    }
    assertThat(taken).isEqualTo(CallLoop.QUEUE - CallLoop.RESERVED);
    assertThat(loop.closed(SESSION)).isTrue();
  }

  private boolean said(int bytes) {
    return loop.fromClient(SESSION, codec.decode("{\"event\":\"client.ping\"}"), bytes);
  }
}
