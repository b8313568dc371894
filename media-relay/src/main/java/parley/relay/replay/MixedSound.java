package parley.relay.replay;

import java.io.IOException;

/** Takes a mix, in order. */
interface MixedSound {

  /**
   * @param samples between −1 and 1, mono, 48 kHz, from index 0
   */
  void write(float[] samples, int count) throws IOException;

  /** Nothing follows. */
  void finish() throws IOException;
}
