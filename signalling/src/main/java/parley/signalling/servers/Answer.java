package parley.signalling.servers;

/**
 * What a request is answered with, and again when it is repeated.
 *
 * @param type of the body
 * @param body empty: none
 * @param location of what was made; empty: nothing was
 */
record Answer(int status, String type, String body, String location) {

  static final String JSON = "application/json; charset=utf-8";

  /** It will be done, and nothing more will be said of it. */
  static final int BEGUN = 202;

  static final String PROBLEM = "application/problem+json; charset=utf-8";

  /** Whether it says how things stand, so that a repeat is to be told the same. */
  boolean isFinal() {
    return status < 500;
  }

  static Answer ok(String json) {
    return new Answer(200, JSON, json, "");
  }

  static Answer begun() {
    return new Answer(BEGUN, "", "", "");
  }

  static Answer done() {
    return new Answer(204, "", "", "");
  }
}
