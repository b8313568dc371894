package parley.signalling.recordings;

/**
 * Somebody who has signed in.
 *
 * @param why the reason of what brings none of its own
 */
record SignedIn(Visitor visitor, String why) {}
