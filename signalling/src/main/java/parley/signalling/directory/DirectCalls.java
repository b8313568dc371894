package parley.signalling.directory;

import parley.signalling.wire.Jid;

/** Who may call whom directly. Whoever may be called may also take the call. */
@FunctionalInterface
public interface DirectCalls {

  /** Everyone in a team may call everyone else. */
  DirectCalls EVERYONE = (caller, callee) -> true;

  boolean mayBegin(Jid caller, Jid callee);
}
