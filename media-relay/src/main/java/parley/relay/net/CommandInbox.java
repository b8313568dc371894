package parley.relay.net;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RelayCommand;

/** A media loop's commands: any thread puts them in, the loop takes them out. */
final class CommandInbox {

  /** A thousand people joining one loop at the same moment, four commands each. */
  static final int CAPACITY = 4096;

  /** Kept free for what ends things, so that an overloaded relay can still be relieved. */
  static final int RESERVED_FOR_ENDINGS = 512;

  private final ArrayBlockingQueue<RelayCommand> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicBoolean announced = new AtomicBoolean();

  /** False when it is full. */
  boolean offer(RelayCommand command) {
    boolean ends =
        switch (command) {
          case RelayCommand.Leave _, RelayCommand.Close _ -> true;
          case RelayCommand.Open _,
              RelayCommand.SetRecording _,
              RelayCommand.Rule _,
              RelayCommand.Mask _,
              RelayCommand.Note _,
              RelayCommand.Offer _,
              RelayCommand.Trickle _,
              RelayCommand.Report _,
              RelayCommand.Reach _,
              RelayCommand.Link _,
              RelayCommand.Unlink _,
              RelayCommand.Mute _ ->
              false;
        };
    return (ends || queue.remainingCapacity() > RESERVED_FOR_ENDINGS) && queue.offer(command);
  }

  /** How many wait. Any thread. */
  int size() {
    return queue.size();
  }

  /** Whether the caller has to tell the loop that there is something to take. */
  boolean announce() {
    return announced.compareAndSet(false, true);
  }

  /** On the loop, before the first poll: what comes later is announced again. */
  void beginDrain() {
    announced.set(false);
  }

  @Nullable RelayCommand poll() {
    return queue.poll();
  }
}
