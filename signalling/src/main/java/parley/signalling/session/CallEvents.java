package parley.signalling.session;

/**
 * Whoever tells servers what becomes of calls. Called on the calls' thread, in the order things
 * happen: must neither block nor throw.
 */
@FunctionalInterface
public interface CallEvents {

  /** Nobody listens. */
  CallEvents NONE = event -> {};

  void happened(CallEvent event);
}
