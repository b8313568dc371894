package parley.relay.call;

import java.util.Arrays;

/**
 * Ranks a call's speakers, the one to be heard first in front: whoever has few slots hears the
 * front of it. The order is sticky: one who speaks passes one who has ceased to, and passes one who
 * speaks too only when clearly louder.
 *
 * <p>A first sound after silence places its speaker right behind the others who speak, before that
 * very packet is forwarded, so that no syllable loses its start while there is room.
 */
final class SpeakerSelector {

  /** How much louder, in dB, one has to be to pass another who speaks. */
  static final float MARGIN_DB = 6;

  private Speaker[] order = new Speaker[8];
  private Speaker[] scratch = new Speaker[8];
  private int size;

  int size() {
    return size;
  }

  /**
   * @param rank below {@link #size}
   */
  Speaker at(int rank) {
    return order[rank];
  }

  /** Adds a speaker behind all others. */
  void add(Speaker speaker) {
    if (size == order.length) {
      order = Arrays.copyOf(order, 2 * size);
      scratch = new Speaker[2 * size];
    }
    put(speaker, size++);
  }

  void remove(Speaker speaker) {
    for (int i = speaker.rank; i < size - 1; i++) {
      put(order[i + 1], i);
    }
    size--;
    speaker.rank = -1;
    speaker.silence();
  }

  /**
   * A packet of a ranked speaker was heard.
   *
   * @param level −dBov
   * @return the first rank that has changed hands; {@link Integer#MAX_VALUE}: none has
   */
  int heard(Speaker speaker, int level, long nowNs) {
    boolean spoke = speaker.speaking(nowNs);
    if (!speaker.measure(level, nowNs)) {
      return Integer.MAX_VALUE;
    }
    int changed = spoke ? Integer.MAX_VALUE : speakersFirst(speaker, nowNs);
    return Math.min(changed, rise(speaker, nowNs));
  }

  /** Who speaks in front, in the order they had; then the one who begins; then the others. */
  private int speakersFirst(Speaker beginner, long nowNs) {
    int speaking = 0;
    int silent = 0;
    for (int i = 0; i < size; i++) {
      Speaker speaker = order[i];
      if (speaker != beginner && speaker.speaking(nowNs)) {
        scratch[speaking++] = speaker;
      }
    }
    scratch[speaking] = beginner;
    for (int i = 0; i < size; i++) {
      Speaker speaker = order[i];
      if (speaker != beginner && !speaker.speaking(nowNs)) {
        scratch[speaking + 1 + silent++] = speaker;
      }
    }
    int changed = Integer.MAX_VALUE;
    for (int i = size - 1; i >= 0; i--) {
      if (order[i] != scratch[i]) {
        changed = i;
        put(scratch[i], i);
      }
    }
    return changed;
  }

  private int rise(Speaker speaker, long nowNs) {
    int changed = Integer.MAX_VALUE;
    while (speaker.rank > 0 && passes(speaker, order[speaker.rank - 1], nowNs)) {
      changed = speaker.rank - 1;
      put(order[changed], speaker.rank);
      put(speaker, changed);
    }
    return changed;
  }

  private static boolean passes(Speaker speaker, Speaker before, long nowNs) {
    return !before.speaking(nowNs) || speaker.loudness > before.loudness + MARGIN_DB;
  }

  private void put(Speaker speaker, int rank) {
    order[rank] = speaker;
    speaker.rank = rank;
  }
}
