package parley.relay.net;

/** A media port cannot be had; the message names address, port, setting and remedy. */
public final class PortUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PortUnavailable(String message) {
    super(message);
  }

  PortUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
