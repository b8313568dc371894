package parley.relay.call;

import java.util.List;
import parley.relay.api.IceCandidate;

/**
 * The relay's side of one media path, as its answer shows it.
 *
 * @param iceUfrag of the relay's ICE-lite agent for this peer
 * @param icePwd belongs to it
 * @param fingerprint of the relay's DTLS certificate, {@code sha-256 AB:CD:…}
 * @param candidates at least one, component 1 only; the first is the default of {@code m=} and
 *     {@code c=} lines
 */
public record LocalMedia(
    String iceUfrag, String icePwd, String fingerprint, List<IceCandidate> candidates) {
  public LocalMedia {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("an answer needs a candidate");
    }
  }

  @Override
  public String toString() {
    return "LocalMedia[" + iceUfrag + "]"; // the password stays out of every log
  }
}
