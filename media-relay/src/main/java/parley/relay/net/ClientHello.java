package parley.relay.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.PacketBuffer;

/** The first record of a DTLS handshake (RFC 6347 §4.1, §4.2.2), as far as it can be told apart. */
final class ClientHello {

  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int EPOCH_AT = 3;
  private static final int MESSAGE_TYPE_AT = 13;
  private static final int FRAGMENT_OFFSET_AT = 19;
  private static final int RANDOM_AT = 27;
  private static final int RANDOM_BYTES = 32;

  private ClientHello() {}

  /** The client's random, the same in every copy of one handshake's hello; null: not a hello. */
  static byte @Nullable [] random(PacketBuffer packet) {
    byte[] data = packet.data;
    int at = packet.offset;
    boolean hello =
        packet.length >= RANDOM_AT + RANDOM_BYTES
            && data[at] == HANDSHAKE
            && data[at + EPOCH_AT] == 0
            && data[at + EPOCH_AT + 1] == 0
            && data[at + MESSAGE_TYPE_AT] == CLIENT_HELLO
            && data[at + FRAGMENT_OFFSET_AT] == 0
            && data[at + FRAGMENT_OFFSET_AT + 1] == 0
            && data[at + FRAGMENT_OFFSET_AT + 2] == 0;
    return hello ? Arrays.copyOfRange(data, at + RANDOM_AT, at + RANDOM_AT + RANDOM_BYTES) : null;
  }
}
