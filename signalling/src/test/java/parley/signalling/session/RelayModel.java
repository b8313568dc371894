package parley.signalling.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.MediaRelay;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;

/**
 * A relay that keeps the promises of {@code parley.relay.api} and nothing more: commands wait until
 * they are worked off, events wait until they are fetched, each call's in order; it refuses, gives
 * up and fails when told to.
 */
final class RelayModel implements MediaRelay {

  /** One call as either side knows it. */
  static final class Line {
    final CallId uid;
    final String team;
    final String chat;
    final ArrayDeque<RelayCommand> commands = new ArrayDeque<>();
    final ArrayDeque<RelayEvent> events = new ArrayDeque<>();

    /** As signalling has asked, by contact. */
    final Map<PeerId, String> asked = new LinkedHashMap<>();

    /** As the relay has done. */
    final Set<PeerId> peers = new LinkedHashSet<>();

    boolean openAsked;
    boolean open;

    Line(CallId uid, String team, String chat) {
      this.uid = uid;
      this.team = team;
      this.chat = chat;
    }

    boolean isQuiet() {
      return commands.isEmpty() && events.isEmpty();
    }
  }

  private final Map<CallId, Line> lines = new LinkedHashMap<>();
  private final List<Line> busy = new ArrayList<>();
  private final Set<String> offers = new LinkedHashSet<>();
  private int refusals;
  private int submitted;

  /** The next so many commands are not taken, unless they end something. */
  void overload(int commands) {
    refusals = commands;
  }

  void forgetOffers() {
    offers.clear();
  }

  /** Whether a contact has offered in this call since {@link #forgetOffers}. */
  boolean offered(String uid, String contact) {
    return offers.contains(uid + contact);
  }

  /** How many commands there have been. */
  int submitted() {
    return submitted;
  }

  @Nullable Line line(CallId uid) {
    return lines.get(uid);
  }

  /** Every call there ever was. */
  Iterable<Line> lines() {
    return lines.values();
  }

  /** Calls that have something to do or to say, or are open. */
  List<Line> busy() {
    busy.clear();
    for (Line line : lines.values()) {
      if (line.open || !line.isQuiet()) {
        busy.add(line);
      }
    }
    return busy;
  }

  @Override
  public boolean submit(RelayCommand command) {
    submitted++;
    Line line = lines.get(command.call());
    if (command instanceof RelayCommand.Open open && line == null) {
      line = new Line(open.call(), open.info().team(), open.info().chat());
      lines.put(open.call(), line);
    }
    if (line == null) {
      throw new AssertionError("never opened: " + command);
    }
    boolean ends = command instanceof RelayCommand.Leave || command instanceof RelayCommand.Close;
    boolean taken = ends || refusals == 0;
    check(line, command);
    if (command instanceof RelayCommand.Offer offer) {
      offers.add(offer.call() + offer.info().contact());
    }
    ask(line, command);
    if (taken) {
      line.commands.add(command);
    } else {
      refusals--;
    }
    return taken;
  }

  @Override
  public void close() {}

  private static void check(Line line, RelayCommand command) {
    if (command instanceof RelayCommand.Open && line.openAsked) {
      throw new AssertionError("opened twice: " + command);
    }
    if (!(command instanceof RelayCommand.Open) && !line.openAsked) {
      throw new AssertionError("while it is closed: " + command);
    }
    if (command instanceof RelayCommand.Close close && close.reason().contains("defect")) {
      throw new AssertionError("a defect in signalling, see the log");
    }
  }

  private static void ask(Line line, RelayCommand command) {
    switch (command) {
      case RelayCommand.Open it -> line.openAsked = true;
      case RelayCommand.Close it -> {
        line.openAsked = false;
        line.asked.clear();
      }
      case RelayCommand.Offer it -> line.asked.put(it.peer(), it.info().contact());
      case RelayCommand.Leave it -> line.asked.remove(it.peer());
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
  }

  /**
   * Works off one command of a call.
   *
   * @param refuse whether an offer is refused
   */
  static void work(Line line, boolean refuse) {
    RelayCommand command = line.commands.poll();
    switch (command) {
      case null -> {}
      case RelayCommand.Open it -> {
        line.open = true;
        line.events.add(new RelayEvent.Recording(line.uid, it.record(), ""));
      }
      case RelayCommand.Close it -> {
        line.open = false;
        line.peers.clear();
      }
      case RelayCommand.SetRecording it -> {
        if (line.open) {
          line.events.add(new RelayEvent.Recording(line.uid, it.on(), ""));
        }
      }
      case RelayCommand.Offer it -> {
        if (line.open && refuse) {
          line.peers.remove(it.peer());
          line.events.add(new RelayEvent.Refused(line.uid, it.peer(), "no audio"));
        } else if (line.open) {
          line.events.add(new RelayEvent.Answered(line.uid, it.peer(), "v=0", List.of()));
          if (line.peers.add(it.peer())) {
            line.events.add(new RelayEvent.Connected(line.uid, it.peer(), "sha-256 AB:CD"));
          }
        }
      }
      case RelayCommand.Leave it -> line.peers.remove(it.peer());
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

  /** What a relay may do of its own accord. */
  static void mischief(Line line, int which, int how) {
    if (!line.open) {
      return;
    }
    List<PeerId> peers = List.copyOf(line.peers);
    if (how % 40 == 0) {
      line.open = false;
      line.peers.clear();
      line.events.add(new RelayEvent.Failed(line.uid, "a drill"));
    } else if (how % 40 == 1) {
      line.events.add(new RelayEvent.Answered(line.uid, new PeerId("nobody"), "v=0", List.of()));
    } else if (how % 40 < 4) {
      line.events.add(new RelayEvent.Recording(line.uid, how % 2 == 0, ""));
    } else if (how % 40 < 10 && !peers.isEmpty()) {
      PeerId peer = peers.get(which % peers.size());
      line.peers.remove(peer);
      line.events.add(new RelayEvent.Gone(line.uid, peer, "consent lapsed"));
    } else if (!peers.isEmpty()) {
      line.events.add(
          new RelayEvent.Talking(line.uid, peers.get(which % peers.size()), how % 2 == 0));
    }
  }
}
