package parley.signalling.health;

import java.util.Locale;

/** What of a node can be in trouble. */
public enum Subject {
  /** The folder for recordings. */
  DISK,
  /** Keys that sign and encrypt recordings. */
  KEY,
  CLOCK,
  /** The recorder's thread. */
  RECORDER,
  /** The bucket for recordings. */
  STORE,
  TURN,
  /** That of the TLS port. */
  CERTIFICATE,
  /** The media loops. */
  MEDIA,
  /** The thread of all calls. */
  SIGNALLING;

  /** In lower case: a label's value, a key. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
