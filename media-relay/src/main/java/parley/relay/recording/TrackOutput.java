package parley.relay.recording;

import java.io.IOException;

/** Takes a track's Opus packets in playing order, without holes. */
public interface TrackOutput {

  /**
   * @param samples duration at 48 kHz
   * @throws IOException the disk failed; the track cannot go on
   */
  void packet(byte[] data, int offset, int length, int samples) throws IOException;
}
