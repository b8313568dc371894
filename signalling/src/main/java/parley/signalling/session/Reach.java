package parley.signalling.session;

/** What a session's client hears from us: everything, or only what its chat server cannot tell. */
public enum Reach {
  /** Clients of the direct door: we are their only server. */
  EVERYTHING(""),

  /**
   * The chat server speaks for itself: the time, who is online, who signs in, its own events'
   * confirmations. From us come {@code server.call.*}, and {@code server.confirm} and {@code
   * server.warning} as answers to the call events that were handed to us. The calls that belong
   * into its {@code server.online} go to {@link Link#calls}.
   */
  CALLS("parley-");

  private final String confirmPrefix;

  Reach(String confirmPrefix) {
    this.confirmPrefix = confirmPrefix;
  }

  /**
   * What the confirm_ids of our events begin with. Where another server's events go to the same
   * client, it tells whose a {@code client.confirm} is.
   */
  public String confirmPrefix() {
    return confirmPrefix;
  }
}
