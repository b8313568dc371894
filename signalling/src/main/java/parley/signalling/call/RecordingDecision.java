package parley.signalling.call;

import java.util.Locale;

/** What became of a call's recording. Each is written down when it happens. */
public enum RecordingDecision {
  /** The recorder writes. */
  RECORDED,
  /** It cannot be recorded, and goes on without: its policy leaves that open. */
  NOT_RECORDED,
  /** It must be recorded and cannot be: nobody was let in. */
  REFUSED,
  /** It had to be recorded, and could not be any more. */
  ENDED,
  /** Somebody who may has switched it on. */
  SWITCHED_ON,
  /** Somebody who may has switched it off. */
  SWITCHED_OFF,
  /** Another policy holds from now on. */
  RULED;

  /** As it is written down. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
