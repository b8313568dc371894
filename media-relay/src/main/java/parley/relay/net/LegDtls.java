package parley.relay.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import parley.relay.dtls.DtlsDriver;
import parley.relay.dtls.DtlsOutcome;
import parley.relay.dtls.DtlsSession;
import parley.relay.dtls.Fingerprint;
import parley.relay.srtp.PacketBuffer;

/**
 * A leg's DTLS association, and at most one more that is to replace it: a client that begins anew
 * with the same certificate sends another ClientHello on the same path (RFC 6347 §4.2.8). The
 * earlier keys stay in use until the new ones are there, for the hello might be forged. Owned by
 * its {@link Leg}.
 */
final class LegDtls {

  private final DtlsDriver driver;
  private final Fingerprint expected;
  private final Runnable wake;
  private @Nullable DtlsSession session;
  private @Nullable DtlsSession replaced;
  private @Nullable DtlsOutcome told;
  private byte @Nullable [] helloRandom;

  LegDtls(DtlsDriver driver, Fingerprint expected, Runnable wake) {
    this.driver = driver;
    this.expected = expected;
    this.wake = wake;
  }

  boolean begun() {
    return session != null;
  }

  void onDatagram(PacketBuffer packet) {
    byte[] random = ClientHello.random(packet);
    DtlsSession current = session;
    if (current == null) {
      current = begin(random);
    } else if (random != null && told != null && !Arrays.equals(random, helloRandom)) {
      replaced = current;
      current = begin(random);
    }
    if (helloRandom == null) {
      helloRandom = random; // its first fragment came after another
    }
    current.onDatagram(packet.data, packet.offset, packet.length);
  }

  byte @Nullable [] pollTransmit() {
    return session == null ? null : session.pollTransmit();
  }

  /** An outcome that was not told yet, or null. */
  @Nullable DtlsOutcome pollOutcome() {
    DtlsOutcome outcome = session == null ? null : session.outcome();
    if (outcome == null || outcome.equals(told)) {
      return null;
    }
    told = outcome;
    DtlsSession earlier = replaced;
    if (earlier == null) {
      return outcome;
    }
    replaced = null;
    if (outcome instanceof DtlsOutcome.Connected) {
      earlier.close();
      return outcome;
    }
    session = earlier;
    told = earlier.outcome();
    return told instanceof DtlsOutcome.Connected ? null : told;
  }

  void close() {
    if (replaced != null) {
      replaced.close();
    }
    if (session != null) {
      session.close();
    }
  }

  private DtlsSession begin(byte @Nullable [] random) {
    DtlsSession begun = driver.accept(expected, wake);
    session = begun;
    helloRandom = random;
    told = null;
    return begun;
  }
}
