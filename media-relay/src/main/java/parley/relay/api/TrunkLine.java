package parley.relay.api;

import java.util.Arrays;
import java.util.List;

/**
 * One end of a line between two relays that carry legs of the same call. Whoever has the call makes
 * both ends, with keys of their own for each direction, and tells each relay its one.
 *
 * @param far the other relay, whatever it is called
 * @param addresses where it listens for this call, literal addresses, the most preferred first
 * @param sendId by which it knows the line
 * @param sendKey 16 bytes: AES-128-GCM
 * @param receiveId by which this relay is to know it: random, so that a stranger cannot guess it
 * @param receiveKey likewise
 */
public record TrunkLine(
    String far,
    List<Address> addresses,
    long sendId,
    byte[] sendKey,
    long receiveId,
    byte[] receiveKey) {

  /** Of AES-128. */
  public static final int KEY_BYTES = 16;

  /** A UDP port of a relay. */
  public record Address(String ip, int port) {}

  public TrunkLine {
    addresses = List.copyOf(addresses);
    if (sendKey.length != KEY_BYTES || receiveKey.length != KEY_BYTES) {
      throw new IllegalArgumentException("a trunk's keys have " + KEY_BYTES + " bytes each");
    }
    sendKey = sendKey.clone();
    receiveKey = receiveKey.clone();
  }

  @Override
  public byte[] sendKey() {
    return sendKey.clone();
  }

  @Override
  public byte[] receiveKey() {
    return receiveKey.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrunkLine that
        && far.equals(that.far)
        && addresses.equals(that.addresses)
        && sendId == that.sendId
        && receiveId == that.receiveId
        && Arrays.equals(sendKey, that.sendKey)
        && Arrays.equals(receiveKey, that.receiveKey);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(receiveId);
  }

  @Override
  public String toString() {
    return "TrunkLine[" + far + "]"; // keys stay out of every log
  }
}
