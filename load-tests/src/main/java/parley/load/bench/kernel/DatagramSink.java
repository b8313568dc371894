package parley.load.bench.kernel;

/** Takes what {@link ClientSockets} bring. */
@FunctionalInterface
public interface DatagramSink {

  /**
   * One datagram.
   *
   * @param client whose socket it came to
   * @param data free to work in until this returns
   */
  void onDatagram(int client, byte[] data, int lengthBytes);
}
