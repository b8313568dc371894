package parley.relay.call;

import parley.relay.rtp.OpusToc;

/**
 * Tells speech from silence for people to look at: on after a moment of sound above one level, off
 * after a while below another. Lost packets neither switch it on nor off by themselves.
 */
final class TalkDetector {

  /** −dBov: speech into a close microphone has 15–35, a quiet room 60 and more. */
  static final int ON_LEVEL = 50;

  /** Lower than {@link #ON_LEVEL}, so that the end of a word does not flicker. */
  static final int OFF_LEVEL = 57;

  /** Sound has to last two frames: a click lights nobody up. */
  static final int ATTACK_TICKS = 2 * OpusToc.CLOCK_HZ / 50;

  /** Sounds further apart than this are clicks, not one word. */
  static final long ATTACK_WINDOW_NS = 200_000_000L;

  /** Pauses between words are shorter. */
  static final long HOLD_NS = 600_000_000L;

  private boolean talking;
  private int soundTicks;
  private long lastSoundNs;

  boolean talking() {
    return talking;
  }

  /**
   * A packet was heard.
   *
   * @param level −dBov
   * @param ticks how long it plays
   * @return whether {@link #talking} has changed
   */
  boolean onLevel(int level, int ticks, long nowNs) {
    if (talking) {
      if (level <= OFF_LEVEL) {
        lastSoundNs = nowNs;
      }
      return onTick(nowNs);
    }
    if (level > ON_LEVEL) {
      return false;
    }
    soundTicks = nowNs - lastSoundNs > ATTACK_WINDOW_NS ? ticks : soundTicks + ticks;
    lastSoundNs = nowNs;
    talking = soundTicks >= ATTACK_TICKS;
    return talking;
  }

  /** Time has passed, with or without packets; returns whether {@link #talking} has changed. */
  boolean onTick(long nowNs) {
    return talking && nowNs - lastSoundNs > HOLD_NS && off();
  }

  /** Silence by decision: muted, gone. Returns whether {@link #talking} has changed. */
  boolean off() {
    boolean was = talking;
    talking = false;
    soundTicks = 0;
    return was;
  }
}
