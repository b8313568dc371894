package parley.signalling.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingPolicy;

/**
 * What the installation allows, and how patient it is.
 *
 * @param buzzTimeout how long somebody is rung
 * @param grace how long a device whose socket died may take to come back
 * @param restartTimeout how long devices may take to offer again after {@code server.call.restart}
 * @param stateInterval least time between two {@code server.call.state} of one call; large calls
 *     take longer
 * @param onlyOneDevicePerCall a contact's newer device takes the older one's place
 * @param maxParticipants contacts in one call; 0: no limit
 * @param muteAll who may mute everyone else in a group
 * @param recording how calls are recorded; null: as the place says, and no more
 */
public record CallPolicy(
    Duration buzzTimeout,
    Duration grace,
    Duration restartTimeout,
    Duration stateInterval,
    boolean onlyOneDevicePerCall,
    int maxParticipants,
    MuteAll muteAll,
    @Nullable RecordingPolicy recording) {

  /** Who may mute everyone else. In a direct call both may, always. */
  public enum MuteAll {
    /** Every participant: the feature {@code allow_admin_mute} is off. */
    PARTICIPANTS,
    /** The chat's administrators: the feature {@code allow_admin_mute} is on. */
    ADMINS
  }

  public CallPolicy {
    if (!buzzTimeout.isPositive() || !restartTimeout.isPositive() || !stateInterval.isPositive()) {
      throw new IllegalArgumentException("every time of a call policy is longer than nothing");
    }
    if (grace.isNegative() || maxParticipants < 0) {
      throw new IllegalArgumentException("a call policy has no negative numbers");
    }
  }

  /** A policy that leaves recording to the place. */
  public CallPolicy(
      Duration buzzTimeout,
      Duration grace,
      Duration restartTimeout,
      Duration stateInterval,
      boolean onlyOneDevicePerCall,
      int maxParticipants,
      MuteAll muteAll) {
    this(
        buzzTimeout,
        grace,
        restartTimeout,
        stateInterval,
        onlyOneDevicePerCall,
        maxParticipants,
        muteAll,
        null);
  }

  /** The same, for calls that are recorded like this. */
  public CallPolicy recorded(RecordingPolicy how) {
    return new CallPolicy(
        buzzTimeout,
        grace,
        restartTimeout,
        stateInterval,
        onlyOneDevicePerCall,
        maxParticipants,
        muteAll,
        how);
  }

  /** How calls at a place are recorded. */
  RecordingPolicy recordingAt(CallPlace place) {
    if (recording != null) {
      return recording;
    }
    return place.audiorecord() ? RecordingPolicy.OPTIONAL : RecordingPolicy.OFF;
  }

  /** The same, where only administrators may mute everyone else. */
  public CallPolicy adminsMute() {
    return new CallPolicy(
        buzzTimeout,
        grace,
        restartTimeout,
        stateInterval,
        onlyOneDevicePerCall,
        maxParticipants,
        MuteAll.ADMINS,
        recording);
  }

  /** Whether a participant may mute everyone else there. */
  boolean mayMuteAll(Person person, CallPlace place) {
    return muteAll == MuteAll.PARTICIPANTS || place instanceof CallPlace.Direct || person.admin();
  }

  /** What a user of other messengers would expect. */
  public static CallPolicy defaults() {
    return new CallPolicy(
        Duration.ofSeconds(45),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMillis(200),
        false,
        0,
        MuteAll.PARTICIPANTS);
  }
}
