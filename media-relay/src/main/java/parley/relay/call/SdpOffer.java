package parley.relay.call;

/** What the relay needs to know of a client's offer (RFC 8866, 8829). */
public record SdpOffer(String iceUfrag, String icePwd, String fingerprint, int mediaIndex) {

  /**
   * @param sdp hostile input
   * @throws SdpException when the offer cannot be served; the message is for the user
   */
  public static SdpOffer parse(String sdp) throws SdpException {
    throw new UnsupportedOperationException();
  }
}
