package parley.signalling.access;

import parley.signalling.directory.Account;

/** What a token is worth. Nobody comes in on anything but {@link Known}. */
public sealed interface Verdict {

  /** It is this person's, now. */
  record Known(Account account) implements Verdict {}

  /**
   * It is nobody's: forged, expired, for somebody else.
   *
   * @param why for the log; never a part of the token
   */
  record Unknown(String why) implements Verdict {}

  /**
   * Nobody can say at the moment: the client does well to keep its token and to try again.
   *
   * @param why for the log
   */
  record Unavailable(String why) implements Verdict {}
}
