package parley.relay.api;

/**
 * Forwards the audio of calls. Commands go in here; events come out at the {@code
 * Consumer<RelayEvent>} the relay was built with, which is called on the relay's own threads and
 * must not block.
 */
public interface MediaRelay extends AutoCloseable {

  /**
   * Hands a command over; never blocks. Any thread.
   *
   * @return false when the relay is overloaded or closed: the command is lost, and counted
   */
  boolean submit(RelayCommand command);

  /** Whether a call that began now could be recorded. Any thread; never blocks. */
  default RecordingHealth recordingHealth() {
    return RecordingHealth.GOOD;
  }

  /** Ends every call, closes the recordings and the ports. Returns when all is done. */
  @Override
  void close();
}
