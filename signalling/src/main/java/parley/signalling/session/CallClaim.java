package parley.signalling.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallKey;
import parley.signalling.cluster.NodeId;

/** What nodes ask each other about the ownership of calls, and what stands in the store. */
final class CallClaim {

  private CallClaim() {}

  /**
   * Asks a node to own the call of a place.
   *
   * @param take null: one that begins; else the one to go on with
   * @param revision of the claim by which the asker owns it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Ask(int v, CallKey place, @Nullable CallHandover take, long revision) {}

  /**
   * @param owner null: it could not be found out
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Answer(@Nullable NodeId owner, @Nullable CallId uid, long revision) {
    static final Answer NOBODY = new Answer(null, null, 0);
  }

  /** What stands in the store under a place. */
  record Owner(NodeId owner, CallId uid) {}

  /** The key of a place in the store. */
  static String key(CallKey place) {
    String key = "call." + place.team() + "." + place.one();
    return place.other() == null ? key : key + "." + place.other();
  }
}
