package parley.signalling.call;

/** Where a call is in its life. */
public enum State {
  /** Nobody has offered yet. */
  NEW,
  /** A direct call: one side is in, the other is rung. One that a server starts: nobody is in. */
  RINGING,
  /** It has begun. */
  ACTIVE,
  /** The relay lost it; its devices have been asked to offer again. */
  RESTARTING,
  /** Over. */
  FINISHED
}
