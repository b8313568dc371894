package parley.relay.srtp;

/**
 * Master keys and salts of both directions, as DTLS exported them (RFC 5764 §4.2).
 *
 * <p>The arrays are handed over, not copied.
 */
public record SrtpKeys(
    SrtpProfile profile, byte[] localKey, byte[] localSalt, byte[] remoteKey, byte[] remoteSalt) {

  @Override
  public String toString() {
    return "SrtpKeys[" + profile + "]"; // keys stay out of every log
  }
}
