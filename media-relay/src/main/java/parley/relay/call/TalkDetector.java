package parley.relay.call;

import parley.relay.rtp.OpusToc;

/**
 * Tells speech from silence for people to look at: on after a moment of sound above one level, off
 * after a while below another. Lost packets neither switch it on nor off by themselves.
 */
final class TalkDetector {

  /** −dBov: speech into a close microphone has 15–35, breath 45 and more, a quiet room 60. */
  static final int ON_LEVEL = 45;

  /** Lower than {@link #ON_LEVEL}, so that the end of a word does not flicker. */
  static final int OFF_LEVEL = 52;

  /**
   * So much sound, less the silence in between, is speech: a keystroke lasts 20 to 40 ms and the
   * next comes after as long a silence; a vowel lasts longer.
   */
  static final int ATTACK_TICKS = 4 * OpusToc.CLOCK_HZ / 50;

  /** After such a pause all sound before is forgotten. */
  static final long ATTACK_WINDOW_NS = 200_000_000L;

  /** Pauses between words are shorter; with what the network takes, speech ends within 600 ms. */
  static final long HOLD_NS = 500_000_000L;

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
      soundTicks = Math.max(0, soundTicks - ticks);
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
