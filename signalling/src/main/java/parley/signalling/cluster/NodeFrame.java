package parley.signalling.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One message between two nodes.
 *
 * @param v {@link #VERSION} of the sender
 * @param from who says it
 * @param epoch which of the sender's streams to this receiver it belongs to; a later one is higher
 * @param seq its number in there, from 1; 0: there is no message, only an acknowledgement
 * @param ackEpoch the receiver's stream that is acknowledged
 * @param ack everything up to this number has been dealt with
 * @param lost whether the sender knows nothing of that stream's beginning: it has to begin anew
 * @param m the message
 */
public record NodeFrame(
    int v,
    NodeId from,
    long epoch,
    long seq,
    long ackEpoch,
    long ack,
    boolean lost,
    @Nullable JsonNode m) {

  /**
   * Grows with each change that an older node would misunderstand. One apart is tolerated, in both
   * directions, so that nodes can be replaced one by one: fields and messages that are not known
   * are passed over.
   */
  public static final int VERSION = 2;

  /** Whether a node of this version can be understood. */
  public static boolean understands(int version) {
    return Math.abs(version - VERSION) <= 1;
  }
}
