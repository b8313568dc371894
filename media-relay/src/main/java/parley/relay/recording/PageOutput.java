package parley.relay.recording;

import java.io.IOException;

/** Takes the finished pages of a track. */
public interface PageOutput {

  /**
   * @param granule samples at 48 kHz of the track up to the end of this page (RFC 3533 §6)
   * @throws IOException the disk failed; what was written of the page is taken back
   */
  void page(byte[] data, int length, long granule) throws IOException;
}
