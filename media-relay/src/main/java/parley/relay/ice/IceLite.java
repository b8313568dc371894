package parley.relay.ice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;

/** An ICE-lite agent. */
public final class IceLite {

  private final IceCredentials local;

  public IceLite(
      StunCodec codec,
      IceCredentials local,
      IceCredentials remote,
      Duration consentTimeout,
      long nowNs) {
    this.local = local;
  }

  public IceCredentials local() {
    return local;
  }

  public void restart(IceCredentials local, IceCredentials remote, long nowNs) {
    throw new UnsupportedOperationException();
  }

  public boolean owns(String localUfrag) {
    throw new UnsupportedOperationException();
  }

  public void onRequest(StunMessage request, CandidatePair pair, long nowNs) {
    throw new UnsupportedOperationException();
  }

  public @Nullable Transmit pollTransmit() {
    throw new UnsupportedOperationException();
  }

  public @Nullable CandidatePair selected() {
    throw new UnsupportedOperationException();
  }

  public boolean consentLapsed(long nowNs) {
    throw new UnsupportedOperationException();
  }

  public long nextDeadlineNs() {
    throw new UnsupportedOperationException();
  }
}
