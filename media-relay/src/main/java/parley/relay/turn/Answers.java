package parley.relay.turn;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Writes and sends answers. */
final class Answers {

  private final StunWriter writer;
  private final Authenticator authenticator;
  private final TurnMeter meter;

  Answers(Integrity integrity, Authenticator authenticator, TurnMeter meter) {
    this.writer = new StunWriter(integrity);
    this.authenticator = authenticator;
    this.meter = meter;
  }

  /** Begins a success; {@link #send} ends it. */
  StunWriter success(Exchange exchange) {
    return writer.answer(exchange.request(), StunMethod.SUCCESS);
  }

  /** To a Binding request: how the client is seen from here. */
  void mapped(Exchange exchange) {
    success(exchange).xorAddress(StunAttribute.XOR_MAPPED_ADDRESS, exchange.client());
    send(exchange, null);
  }

  /** To somebody who has not proved who he is. */
  void refuse(Exchange exchange, StunError error) {
    meter.error(error);
    writer.answer(exchange.request(), StunMethod.ERROR).error(error);
    if (error == StunError.UNAUTHENTICATED || error == StunError.STALE_NONCE) {
      authenticator.challenge(writer, exchange.client(), exchange.nowNs());
    }
    send(exchange, null);
  }

  void error(Exchange exchange, Authenticator.Outcome.Granted granted, StunError error) {
    meter.error(error);
    writer.answer(exchange.request(), StunMethod.ERROR).error(error);
    send(exchange, granted);
  }

  void unknown(
      Exchange exchange, Authenticator.Outcome.@Nullable Granted granted, int[] attributes) {
    meter.error(StunError.UNKNOWN_ATTRIBUTE);
    writer
        .answer(exchange.request(), StunMethod.ERROR)
        .error(StunError.UNKNOWN_ATTRIBUTE)
        .unknown(attributes);
    send(exchange, granted);
  }

  /** Protected as the request was (RFC 8489 §9.2.4), with a fingerprint if that had one. */
  void send(Exchange exchange, Authenticator.Outcome.@Nullable Granted granted) {
    boolean strong = granted != null && granted.strong();
    byte[] key = granted == null ? null : granted.login().key();
    writer.seal(key, strong, exchange.request().fingerprintAt() >= 0);
    InetSocketAddress client = exchange.client();
    exchange.link().send(client, writer.data(), 0, writer.length());
  }
}
