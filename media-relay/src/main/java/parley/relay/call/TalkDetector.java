package parley.relay.call;

import parley.relay.rtp.OpusToc;

/**
 * Tells speech from silence for people to look at: on after a moment of sound above one level, off
 * after a while below another; in a noisy room both lie above the noise. Lost packets neither
 * switch it on nor off by themselves.
 *
 * <p>The figures were chosen by {@code ./parley bench talking}.
 */
final class TalkDetector {

  /** −dBov: speech into a close microphone has 15–35, breath 43 and more, a quiet room 60. */
  static final int ON_LEVEL = 42;

  /** Lower than {@link #ON_LEVEL}, so that the end of a word does not flicker. */
  static final int OFF_LEVEL = 50;

  /** Steady noise varies by less from one packet to the next. */
  static final int ON_ABOVE_NOISE = 6;

  static final int OFF_ABOVE_NOISE = 5;

  /** What is louder than this for seconds is no noise but somebody singing, a tone, music. */
  static final int LOUDEST_NOISE = 38;

  /** So much sound is speech: most vowels last longer, two keystrokes do not. */
  static final int ATTACK_TICKS = 5 * OpusToc.CLOCK_HZ / 50;

  /**
   * Silence in between counts against it by so much more: a keystroke lasts 20 to 40 ms and the
   * next comes after as long a silence.
   */
  static final int SILENCE_WEIGHS = 2;

  /** After such a pause all sound before is forgotten. */
  static final long ATTACK_WINDOW_NS = 200_000_000L;

  /**
   * Pauses between words are shorter; with the fading of the last sound, and what the network
   * takes, speech ends within 600 ms.
   */
  static final long HOLD_NS = 460_000_000L;

  private final NoiseFloor noise = new NoiseFloor();
  private boolean talking;
  private int soundTicks;
  private long lastSoundNs;
  private float recent; // smoothed over two packets

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
    noise.on(level, ticks, nowNs);
    int floor = Math.max(LOUDEST_NOISE, noise.level());
    recent += (level - recent) / 2;
    if (talking) {
      if (recent <= Math.min(OFF_LEVEL, floor - OFF_ABOVE_NOISE)) {
        lastSoundNs = nowNs;
      }
      return onTick(nowNs);
    }
    if (level > Math.min(ON_LEVEL, floor - ON_ABOVE_NOISE)) {
      soundTicks = Math.max(0, soundTicks - SILENCE_WEIGHS * ticks);
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
