package parley.relay.recording;

import java.io.IOException;
import java.security.MessageDigest;
import parley.relay.evidence.Seal;

/** Passes a track's pages on to its file, and seals them some seconds at a time. */
final class SealedPages implements PageOutput {

  /** 5 s: the least that a verifier can name, and the most that is not sealed after a crash. */
  private static final long SEGMENT_SAMPLES = 240_000;

  private final PageOutput next;
  private final String file;
  private final Seal seal;
  private final MessageDigest digest = Seal.digest();
  private long from;
  private long length;
  private long sealedGranule;

  /**
   * @param file name of the track's file in the folder of the recording
   */
  SealedPages(PageOutput next, String file, Seal seal) {
    this.next = next;
    this.file = file;
    this.seal = seal;
  }

  @Override
  public void page(byte[] data, int count, long granule) throws IOException {
    next.page(data, count, granule);
    digest.update(data, 0, count);
    length += count;
    if (granule - sealedGranule >= SEGMENT_SAMPLES) {
      close();
      sealedGranule = granule;
    }
  }

  /** Seals what has been written since the last segment. */
  void close() throws IOException {
    if (length > 0) {
      seal.segment(file, from, length, soFar()); // may fail, and is asked for again
      digest.reset();
      from += length;
      length = 0;
    }
  }

  private byte[] soFar() {
    try {
      return ((MessageDigest) digest.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's SHA-256 can be cloned", e);
    }
  }
}
