package parley.signalling.session;

import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallPlace;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.directory.Team;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Jid;

/** Where calls take place: for those parts of the switchboard that act on them. */
interface Floor {

  /** Tells a call what happened, and carries out what it wants done. */
  void handIn(Call call, CallInput input, long nowNs);

  /** Makes a call and hands it its first input; it may be over again when this returns. */
  Call open(Team team, CallPlace place, CallInput first, long nowNs);

  /** Serves what somebody said about a call that this node owns, or may begin. */
  void serve(Caller caller, CallPlace place, ClientEvent.OfCall event, long nowNs);

  /** Another node owns a call of which legs are here, or are to be. */
  void askedToCarry(NodeId owner, NodeMessage.ToRelay asked);

  /** Something about a leg of a call of ours that another node carries. */
  void carrierSaid(NodeId node, NodeMessage.FromRelay told);

  /** A node is dead, with all legs it carried. */
  void carrierDied(NodeId node);

  /** What is said between a node and this one begins anew. */
  void carrierAnew(NodeId node);

  /** By how many more devices this node's relay has than calls of ours have; may be below 0. */
  int moreDevices();

  /** A call that ran elsewhere goes on here. */
  void adopt(Call call);

  /** A call goes on elsewhere, whose devices are told by whoever has it now. */
  void handedOver(Call call);

  /**
   * A call is not this node's any more, and its devices know nothing of it.
   *
   * @param goesOn whether the same call goes on elsewhere; else another one took its place
   */
  void abandon(Call call, boolean goesOn);

  /** Somebody said on another node that he may be recorded, or may not. */
  void agreed(CallKey place, Jid contact, Consents.Given given);

  /** Somebody said here that he may be recorded, or may not. */
  void tellAgreed(CallKey place, Jid contact, Consents.Given given);
}
