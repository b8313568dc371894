package parley.load.interop;

import java.time.Duration;
import java.util.List;
import parley.load.audio.Pcm;

/** One client in one call, from signing in to hanging up. */
interface CallClient extends AutoCloseable {

  /**
   * What it plays from now on, for so long: a sound for each stream, or all of them mixed.
   *
   * @throws ClientFailure when the client has ended or does not answer
   */
  List<Pcm> listen(Duration length);

  /** What it reported, for whoever looks for the reason of a silence. */
  String describe();

  /** Hangs up and ends it. */
  @Override
  void close();
}
