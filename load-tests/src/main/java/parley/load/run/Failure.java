package parley.load.run;

/** What was to happen in a call did not; the message is the cause by which it is counted. */
final class Failure extends Exception {

  private static final long serialVersionUID = 1;

  Failure(String cause) {
    super(cause);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
