package parley.load.bench.turn;

import parley.stun.TurnMessage;

/** What is asked of a TURN server, in the order in which a client does. */
enum Step {
  ALLOCATE(TurnMessage.ALLOCATE),
  PERMIT(TurnMessage.CREATE_PERMISSION),
  BIND(TurnMessage.CHANNEL_BIND),
  REFRESH(TurnMessage.REFRESH),
  /** A refresh with a lifetime of 0. */
  RELEASE(TurnMessage.REFRESH);

  private final int method;

  Step(int method) {
    this.method = method;
  }

  int method() {
    return method;
  }
}
