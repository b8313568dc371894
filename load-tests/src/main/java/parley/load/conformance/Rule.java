package parley.load.conformance;

/** What holds in calls beyond the single event; each is tried for itself. */
enum Rule {
  VIEWER("in a direct call each sees the other's jid, in every event"),
  ELSEWHERE_ANSWERED("accepted on one device, the ring ends on the others"),
  ELSEWHERE_DECLINED("declined on one device, the ring ends on the others"),
  RING_LATE("who connects while being rung is told of the call, and rung"),
  RING_OVER("nobody answers: the ring and the call end after buzz_timeout"),
  GLARE("both call each other at once: one call, both in it"),
  BUZZ_ALL("buzz without members rings everyone who is not in the call"),
  BUZZ_SOME("buzz with members rings those, and no others"),
  END_DIRECT("a direct call ends when either side leaves"),
  END_GROUP("a group's call ends with the last who leaves, not before"),
  DEVICES("one contact is in the call on several devices, each shown and muted for itself"),
  ONE_DEVICE("only_one_device_per_call: the newer device takes over, the older is out"),
  FULL("max_participants_per_call: one contact more is refused, one device more is not"),
  MUTE_ALL("muteall mutes all others; each may unmute himself"),
  ADMIN_MUTE("allow_admin_mute: only administrators mute all"),
  BURST("changes in a burst are told together, the last one right, gentime growing"),
  LOST_BACK("a lost socket is no leave: offered again on another one, the same call goes on"),
  LOST_GONE("a lost socket that does not come back has left after the grace period"),
  LOST_MEDIA("a device whose media is gone has left, and is told why"),
  CONFIRM("a client's event that is repeated is confirmed again and not applied twice"),
  RESEND("answer, restart and buzz are repeated to the letter until confirmed"),
  STRANGER("a chat that is not the person's, and one that is not there, are refused alike"),
  BINARY("events in binary frames count like those in text"),
  BROKEN("what cannot be read is answered by server.warning, and the socket stays open"),
  ABUSE("too much of it closes the socket with 1008");

  private final String text;

  Rule(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
