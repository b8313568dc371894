package parley.relay.call;

/** Writes the relay's answer to an offer. */
public final class SdpAnswer {

  private SdpAnswer() {}

  public static String write(SdpOffer offer, RelayPeer peer, LocalMedia local) {
    throw new UnsupportedOperationException();
  }
}
