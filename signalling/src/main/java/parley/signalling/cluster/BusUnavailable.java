package parley.signalling.cluster;

/** Nobody answered in time, or the bus is away. What was asked may have happened all the same. */
public final class BusUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BusUnavailable(String message) {
    super(message);
  }

  public BusUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
