package parley.relay.recording;

import java.io.IOException;

/** Takes whole Ogg pages, one call a page. */
interface PageOutput {
  void page(byte[] data, int length) throws IOException;
}
