package parley.relay;

import java.util.Locale;

/** How far a leg's set-up has come; each is timed from the offer. */
public enum SetUpStage {
  /** The first authenticated connectivity check. */
  CHECKED,
  /** DTLS is done, media can flow. */
  CONNECTED,
  /** The first audio of the client. */
  AUDIO;

  /** As a value of the metric's label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
