package parley.signalling.session;

import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallPlace;
import parley.signalling.directory.Team;

/** Where calls take place: for those parts of the switchboard that act on them. */
interface Floor {

  /** Tells a call what happened, and carries out what it wants done. */
  void handIn(Call call, CallInput input, long nowNs);

  /** Makes a call and hands it its first input; it may be over again when this returns. */
  Call open(Team team, CallPlace place, CallInput first, long nowNs);
}
