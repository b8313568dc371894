package parley.signalling.app;

import parley.relay.api.MediaRelay;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RelayCommand;

/** Where a relay would be on a node that only holds sockets: calls run elsewhere. */
final class NoRelay implements MediaRelay {

  @Override
  public boolean submit(RelayCommand command) {
    return false;
  }

  @Override
  public RecordingHealth recordingHealth() {
    return RecordingHealth.impossible("This node has no relay: calls run on others.");
  }

  @Override
  public void close() {}
}
