package parley.relay.api;

import java.util.Locale;

/**
 * How calls in a place are recorded. It goes into the recording as it was when the call began.
 *
 * @param name as settings and directories call it
 * @param version changes whenever anything else does; for people who compare
 * @param graceS how long a call may go on, in seconds, when a recording that must run broke off
 * @param notice whether participants hear that they are recorded
 * @param consent what happens to whoever has not agreed
 * @param maySwitch who may switch recording on and off in a running call, as far as the mode lets
 * @param mayMask who may keep parts of a call out of its recording
 * @param retention class of retention; empty: none
 * @param retentionDays how long a recording is kept at least; 0: as long as somebody likes
 * @param legalHold whether recordings are on hold from the start: nothing deletes them
 */
public record RecordingPolicy(
    String name,
    String version,
    Mode mode,
    int graceS,
    boolean notice,
    Consent consent,
    Who maySwitch,
    Who mayMask,
    String retention,
    int retentionDays,
    boolean legalHold) {

  /** What recording is to a call. */
  public enum Mode {
    /** Not recorded, unless somebody who may switches it on. */
    OFF,
    /** Recorded when it can be; the call goes on without. */
    OPTIONAL,
    /** No call begins that is not recorded; one that runs goes on without. */
    REQUIRED_BEFORE,
    /** No call begins or goes on that is not recorded. */
    REQUIRED_DURING;

    /** As it is written in settings. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happens to whoever has not agreed to be recorded. */
  public enum Consent {
    /** Nobody is asked. */
    NOT_ASKED,
    /** He does not come in. */
    OR_NOT_ADMITTED,
    /** He comes in, and nothing of his is recorded. */
    OR_NOT_CAPTURED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whom something is left to; each of them includes those before. */
  public enum Who {
    NOBODY,
    SERVERS,
    ADMINS,
    PARTICIPANTS;

    public boolean includes(Who other) {
      return this != NOBODY && other.ordinal() <= ordinal();
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The version of those that need no settings. */
  public static final String BUILT_IN = "built-in";

  /** Ten seconds: a recorder that is begun anew needs one. */
  public static final int DEFAULT_GRACE_S = 10;

  /** {@code audiorecord: true} in a directory, and nothing more. */
  public static final RecordingPolicy OPTIONAL = plain(Mode.OPTIONAL, false);

  /** {@code audiorecord: false}, and nothing more. */
  public static final RecordingPolicy OFF = plain(Mode.OFF, false);

  /** A policy that is named as its mode is. */
  public static RecordingPolicy plain(Mode mode, boolean notice) {
    return new RecordingPolicy(
        mode.word(),
        BUILT_IN,
        mode,
        DEFAULT_GRACE_S,
        notice,
        Consent.NOT_ASKED,
        Who.SERVERS,
        Who.SERVERS,
        "",
        0,
        false);
  }

  /** Whether a call is recorded from its beginning. */
  public boolean records() {
    return mode != Mode.OFF;
  }

  /** Whether a call may not begin unrecorded. */
  public boolean required() {
    return mode == Mode.REQUIRED_BEFORE || mode == Mode.REQUIRED_DURING;
  }

  /** For people: {@code trading (2026-01)}. */
  public String title() {
    return name + " (" + version + ")";
  }
}
