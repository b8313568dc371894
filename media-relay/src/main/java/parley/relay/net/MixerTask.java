package parley.relay.net;

/** One thing that a call tells its mixer on another thread. Reused. */
final class MixerTask {

  enum Kind {
    BEGIN_TRACK,
    PACKET,
    END_TRACK,
    BEGIN_STREAM,
    JOIN_STREAM,
    END_STREAM
  }

  /** Most packets of speech fit without growing. */
  private static final int FIRST_BYTES = 160;

  Kind kind = Kind.PACKET;
  int number; // of the track or stream
  int first;
  int second;
  boolean flag;
  byte[] data = new byte[FIRST_BYTES];
  int length;
  long nowNs;

  void data(byte[] from, int offset, int lengthBytes) {
    if (data.length < lengthBytes) {
      data = new byte[lengthBytes];
    }
    System.arraycopy(from, offset, data, 0, lengthBytes);
    length = lengthBytes;
  }
}
