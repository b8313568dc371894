package parley.relay.stun;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** STUN on ice4j's messages and attributes. */
public final class Ice4jStunCodec implements StunCodec {

  @Override
  public @Nullable StunMessage tryParse(byte[] data, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean verify(StunMessage message, String password) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] bindingSuccess(StunMessage request, InetSocketAddress mapped, String password) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] bindingError(
      StunMessage request, int code, String reason, @Nullable String password) {
    throw new UnsupportedOperationException();
  }
}
