package parley.signalling.session;

import parley.relay.api.RecordingPolicy;

/**
 * No call may begin, because it would have to be recorded.
 *
 * @param reason one sentence
 */
record RecordingRefusal(RecordingPolicy policy, String reason) {

  /** For the user. */
  String sentence() {
    return "this call must be recorded, and it cannot be: " + reason;
  }
}
