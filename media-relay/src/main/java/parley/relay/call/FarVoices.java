package parley.relay.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.trunk.TrunkFrame;

/**
 * Who is heard from the call's other relays. They are peers to whom nothing goes. Owned by its
 * {@link RelayCall}.
 */
final class FarVoices {

  /**
   * Each other relay sends its loudest few; who has fallen silent is kept for a while. More is not
   * heard until somebody's time is over.
   */
  static final int MOST = 64;

  /** Who said nothing for so long is forgotten: who spoke a moment ago is mixed at once. */
  static final long FORGET_NS = 60_000_000_000L;

  private final String cname;
  private final RandomGenerator random;
  private final Map<String, RelayPeer> voices = new LinkedHashMap<>();

  FarVoices(String cname, RandomGenerator random) {
    this.cname = cname;
    this.random = random;
  }

  /** Null when it is nobody known, and there is no room, or no such name. */
  @Nullable RelayPeer of(TrunkFrame frame) {
    RelayPeer known = voices.get(frame.peer());
    if (known != null && known.info().contact().equals(frame.contact())) {
      return known;
    }
    if (known != null || voices.size() >= MOST || !frame.isVoice()) {
      return null;
    }
    PeerId id;
    try {
      id = new PeerId(frame.peer());
    } catch (IllegalArgumentException e) {
      return null;
    }
    var peer = new RelayPeer(id, new PeerInfo(frame.contact(), "", ""), cname, random);
    peer.uplink().far();
    voices.put(frame.peer(), peer);
    return peer;
  }

  Iterable<RelayPeer> all() {
    return voices.values();
  }

  /** Takes away those who have not been heard for long. */
  List<RelayPeer> forgotten(long nowNs) {
    List<RelayPeer> gone = new ArrayList<>(0);
    for (RelayPeer each : voices.values()) {
      if (nowNs - each.uplink().lastNs() > FORGET_NS) {
        gone.add(each);
      }
    }
    gone.forEach(each -> voices.remove(each.id().value()));
    return gone;
  }
}
