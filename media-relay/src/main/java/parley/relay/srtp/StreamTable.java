package parley.relay.srtp;

import org.jspecify.annotations.Nullable;

/** Streams by SSRC, without boxing; never forgets one, and never holds more than its limit. */
final class StreamTable {

  private static final int FIRST_CAPACITY = 8;

  private final int limit;
  private int[] keys = new int[FIRST_CAPACITY];
  private @Nullable ReplayWindow[] windows = new ReplayWindow[FIRST_CAPACITY];
  private int size;

  StreamTable(int limit) {
    this.limit = limit;
  }

  @Nullable ReplayWindow get(int ssrc) {
    return windows[slot(keys, windows, ssrc)];
  }

  boolean isFull() {
    return size == limit;
  }

  /** Only if it {@link #isFull() has room} and the SSRC is not in it. */
  void put(int ssrc, ReplayWindow window) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int slot = slot(keys, windows, ssrc);
    keys[slot] = ssrc;
    windows[slot] = window;
    size++;
  }

  private void grow() {
    int[] newKeys = new int[keys.length * 2];
    @Nullable ReplayWindow[] newWindows = new ReplayWindow[newKeys.length];
    for (int i = 0; i < keys.length; i++) {
      if (windows[i] != null) {
        int slot = slot(newKeys, newWindows, keys[i]);
        newKeys[slot] = keys[i];
        newWindows[slot] = windows[i];
      }
    }
    keys = newKeys;
    windows = newWindows;
  }

  /** Where this SSRC is or would go: linear probing in a table that is at most half full. */
  private static int slot(int[] keys, @Nullable ReplayWindow[] windows, int ssrc) {
    int mask = keys.length - 1;
    int slot = (ssrc * 0x9E3779B9) >>> 16 & mask;
    while (windows[slot] != null && keys[slot] != ssrc) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
