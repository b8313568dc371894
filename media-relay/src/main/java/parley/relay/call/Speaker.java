package parley.relay.call;

/** How loud one peer has been lately, and its place among the others. */
final class Speaker {

  /** −dBov up to which a packet counts as sound: lower than for talking, to catch soft onsets. */
  static final int SOUND_LEVEL = 55;

  /** How long after its last sound a speaker's place is not up for grabs: a pause for breath. */
  static final long HOLD_NS = 800_000_000L;

  /** Smoothed up at half the difference a packet: three packets of 20 ms reach a new level. */
  private static final float ATTACK = 0.5f;

  /** Smoothed down slowly: a syllable's end costs nobody his place. */
  private static final float DECAY = 0.05f;

  final RelayPeer peer;

  /** Index in the ranking; −1: not ranked. */
  int rank = -1;

  /** Smoothed 127 + dBov of its sounds, pauses left out: more is louder. */
  float loudness;

  private boolean sounded;
  private long lastSoundNs;

  Speaker(RelayPeer peer) {
    this.peer = peer;
  }

  /** Whether it has made a sound within the hold. */
  boolean speaking(long nowNs) {
    return sounded && nowNs - lastSoundNs <= HOLD_NS;
  }

  /**
   * @param level of a packet, −dBov
   * @return whether the packet is sound
   */
  boolean measure(int level, long nowNs) {
    if (level > SOUND_LEVEL) {
      return false;
    }
    if (!speaking(nowNs)) {
      loudness = 127 - SOUND_LEVEL; // from the bottom, so that one click passes nobody far
    }
    float loud = 127 - level;
    loudness += (loud - loudness) * (loud > loudness ? ATTACK : DECAY);
    sounded = true;
    lastSoundNs = nowNs;
    return true;
  }

  /** Muted or gone: what it said before counts no more. */
  void silence() {
    sounded = false;
    loudness = 0;
  }
}
