package parley.signalling.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;

/**
 * A relay that keeps its promises and nothing more: its events lie in a queue while commands pass
 * them by, it refuses, gives peers up and fails when it likes.
 */
final class SimulatedRelay {
  private final CallId uid;
  private final Random random;
  private final ArrayDeque<RelayCommand> commands = new ArrayDeque<>();
  private final ArrayDeque<RelayEvent> events = new ArrayDeque<>();
  private final Set<PeerId> peers = new LinkedHashSet<>();
  private boolean open; // as the relay knows it
  private boolean openAsked; // as signalling knows it
  private final Set<PeerId> peersAsked = new LinkedHashSet<>();

  SimulatedRelay(CallId uid, Random random) {
    this.uid = uid;
    this.random = random;
  }

  void submit(RelayCommand command) {
    switch (command) {
      case RelayCommand.Open it -> {
        assertThat(openAsked).as("opened twice").isFalse();
        openAsked = true;
      }
      case RelayCommand.Close it -> {
        assertThat(openAsked).as("closed without being open").isTrue();
        openAsked = false;
        peersAsked.clear();
      }
      case RelayCommand.Offer it -> peersAsked.add(it.peer());
      case RelayCommand.Leave it -> peersAsked.remove(it.peer());
      case RelayCommand.Trickle it -> {}
      case RelayCommand.Reach it -> {}
      case RelayCommand.Link it -> {}
      case RelayCommand.Unlink it -> {}
      case RelayCommand.Mute it -> {}
      case RelayCommand.Report it -> {}
      case RelayCommand.Rule it -> {}
      case RelayCommand.Mask it -> {}
      case RelayCommand.Note it -> {}
      case RelayCommand.SetRecording it -> {}
    }
    assertThat(openAsked || command instanceof RelayCommand.Close)
        .as(command + " while closed")
        .isTrue();
    commands.add(command);
  }

  /** Everything that was opened is closed. */
  boolean isQuiet() {
    return !openAsked && peersAsked.isEmpty();
  }

  /** The next thing the relay has to say; it may first do some work, or some mischief. */
  @Nullable RelayEvent poll() {
    for (int i = random.nextInt(3); i > 0 && !commands.isEmpty(); i--) {
      carryOut(commands.remove());
    }
    if (open) {
      mischief();
    }
    return events.poll();
  }

  private void carryOut(RelayCommand command) {
    switch (command) {
      case RelayCommand.Open it -> {
        open = true;
        events.add(new RelayEvent.Recording(uid, it.record(), ""));
      }
      case RelayCommand.Close it -> {
        open = false;
        peers.clear();
      }
      case RelayCommand.SetRecording it -> {
        if (open) {
          events.add(new RelayEvent.Recording(uid, it.on(), ""));
        }
      }
      case RelayCommand.Offer it -> {
        if (open && random.nextInt(8) > 0) {
          peers.add(it.peer());
          events.add(new RelayEvent.Answered(uid, it.peer(), "v=0", List.of()));
          events.add(new RelayEvent.Connected(uid, it.peer(), "sha-256 AB"));
        } else if (open) {
          peers.remove(it.peer());
          events.add(new RelayEvent.Refused(uid, it.peer(), "no audio"));
        }
      }
      case RelayCommand.Leave it -> peers.remove(it.peer());
      case RelayCommand.Trickle it -> {}
      case RelayCommand.Reach it -> {}
      case RelayCommand.Link it -> {}
      case RelayCommand.Unlink it -> {}
      case RelayCommand.Mute it -> {}
      case RelayCommand.Report it -> {}
      case RelayCommand.Rule it -> {}
      case RelayCommand.Mask it -> {}
      case RelayCommand.Note it -> {}
    }
  }

  private void mischief() {
    int what = random.nextInt(100);
    if (what == 0) {
      open = false;
      peers.clear();
      events.add(new RelayEvent.Failed(uid, "defect"));
    } else if (what < 60 && !peers.isEmpty()) {
      PeerId peer = List.copyOf(peers).get(random.nextInt(peers.size()));
      if (what < 5) {
        peers.remove(peer);
        events.add(new RelayEvent.Gone(uid, peer, "consent lapsed"));
      } else {
        events.add(new RelayEvent.Talking(uid, peer, random.nextBoolean()));
      }
    } else if (what < 62) {
      events.add(new RelayEvent.Recording(uid, random.nextBoolean(), ""));
    } else if (what < 64) {
      events.add(new RelayEvent.Answered(uid, new PeerId("nobody"), "v=0", List.of()));
    }
  }
}
