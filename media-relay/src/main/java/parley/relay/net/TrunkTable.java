package parley.relay.net;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.PacketBuffer;
import parley.relay.trunk.Trunk;

/** Which call a datagram of another relay is for. Owned by one media loop. */
final class TrunkTable {

  private final Map<Long, CallTrunks.Line> lines = new HashMap<>();

  /** The line that a datagram names, whether or not it is really of it. */
  CallTrunks.@Nullable Line of(PacketBuffer datagram) {
    return lines.get(Trunk.id(datagram));
  }

  /** False when another line has that id. */
  boolean add(CallTrunks.Line line) {
    return lines.putIfAbsent(line.trunk.receiveId(), line) == null;
  }

  void remove(CallTrunks.Line line) {
    lines.remove(line.trunk.receiveId(), line);
  }
}
