package parley.relay.turn;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one TURN server counts. Written by its thread only, read by whoever scrapes: a count is one
 * plain addition and an ordered store.
 */
public final class TurnMeter {

  private static final int TO_PEER_PACKETS = 0;
  private static final int TO_PEER_BYTES = 1;
  private static final int TO_CLIENT_PACKETS = 2;
  private static final int TO_CLIENT_BYTES = 3;
  private static final int ALLOCATIONS = 4;
  private static final int ALLOCATED = 5;
  private static final int PATIENT = 6;
  private static final int FIRST_DROP = 7;
  private static final int FIRST_ERROR = FIRST_DROP + TurnDrop.values().length;
  private static final int SIZE = FIRST_ERROR + StunError.values().length;

  private final AtomicLongArray counts = new AtomicLongArray(SIZE);

  void toPeer(int lengthBytes) {
    add(TO_PEER_PACKETS, 1);
    add(TO_PEER_BYTES, lengthBytes);
  }

  /** One that loses nothing by waiting a moment for others; see {@link #patient}. */
  void mayWait() {
    add(PATIENT, 1);
  }

  void toClient(int lengthBytes) {
    add(TO_CLIENT_PACKETS, 1);
    add(TO_CLIENT_BYTES, lengthBytes);
  }

  void allocated() {
    add(ALLOCATIONS, 1);
    add(ALLOCATED, 1);
  }

  void released() {
    add(ALLOCATIONS, -1);
  }

  /** The driver counts here too what it drops before the server sees it. */
  public void drop(TurnDrop reason) {
    add(FIRST_DROP + reason.ordinal(), 1);
  }

  void error(StunError error) {
    add(FIRST_ERROR + error.ordinal(), 1);
  }

  public long packetsToPeers() {
    return counts.get(TO_PEER_PACKETS);
  }

  public long bytesToPeers() {
    return counts.get(TO_PEER_BYTES);
  }

  /**
   * Indications, and what goes to media loops of this process: clients that are in a hurry have
   * channels, and media loops wait for company themselves.
   */
  public long patient() {
    return counts.get(PATIENT);
  }

  public long packetsToClients() {
    return counts.get(TO_CLIENT_PACKETS);
  }

  public long bytesToClients() {
    return counts.get(TO_CLIENT_BYTES);
  }

  /** Both ways. */
  public long packetsRelayed() {
    return packetsToPeers() + packetsToClients();
  }

  /** Now. */
  public long allocations() {
    return counts.get(ALLOCATIONS);
  }

  /** Since the start. */
  public long allocationsMade() {
    return counts.get(ALLOCATED);
  }

  public long drops(TurnDrop reason) {
    return counts.get(FIRST_DROP + reason.ordinal());
  }

  /** Answers with this error code (RFC 8656 §19); 0 for one that is never sent. */
  public long errors(int code) {
    for (StunError each : StunError.values()) {
      if (each.code() == code) {
        return counts.get(FIRST_ERROR + each.ordinal());
      }
    }
    return 0;
  }

  /** All that may be counted by {@link #errors}. */
  public static int[] errorCodes() {
    return Arrays.stream(StunError.values()).mapToInt(StunError::code).toArray();
  }

  private void add(int index, long change) {
    counts.setRelease(index, counts.getPlain(index) + change);
  }
}
