package parley.signalling.webhook;

import java.time.Duration;

/** What came of one attempt. */
sealed interface Outcome {

  /** 2xx: the receiver has it. */
  record Delivered() implements Outcome {}

  /**
   * To be tried again.
   *
   * @param why a few words for the log
   * @param pause how long the receiver asked for, at least; zero when it did not
   */
  record Failed(String why, Duration pause) implements Outcome {}

  /** 410: the receiver wants nothing more, ever. */
  record Gone() implements Outcome {}
}
