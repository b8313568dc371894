package parley.relay.recording;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import parley.relay.evidence.Seal;

/** Passes a track's pages on to its file, and seals them some seconds at a time. */
final class SealedPages implements PageOutput {

  /** 5 s: the least that a verifier can name, and the most that is not sealed after a crash. */
  private static final long SEGMENT_SAMPLES = 240_000;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
  public void page(byte[] data, int count) throws IOException {
    next.page(data, count);
    digest.update(data, 0, count);
    length += count;
    long granule = (long) LONG.get(data, 6); // RFC 3533 §6: where the page ends
    if (granule - sealedGranule >= SEGMENT_SAMPLES) {
      close();
      sealedGranule = granule;
    }
  }

  /** Seals what has been written since the last segment. */
  void close() throws IOException {
    if (length > 0) {
      seal.segment(file, from, length, digest.digest());
      from += length;
      length = 0;
    }
  }
}
