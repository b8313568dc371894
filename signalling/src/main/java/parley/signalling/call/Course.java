package parley.signalling.call;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/** How far one call has come, whether it is over, and how all of that is told. */
final class Course {
  private static final Logger log = LoggerFactory.getLogger(Call.class);

  private final CallId uid;
  private final CallPlace place;
  private final Timeline time;
  private final Roster roster;
  private final Ringing ringing;
  private State state = State.NEW;
  private @Nullable IsoTime start;
  private @Nullable IsoTime finish;
  private boolean recording; // the recorder writes
  private String dominant = ""; // contact; empty: nobody yet
  private boolean byServer; // nobody was in it when it began to ring

  Course(
      CallId uid,
      CallPlace place,
      Instant created,
      long createdNs,
      Roster roster,
      Ringing ringing) {
    this.uid = uid;
    this.place = place;
    this.time = new Timeline(created, createdNs);
    this.roster = roster;
    this.ringing = ringing;
  }

  State state() {
    return state;
  }

  IsoTime created() {
    return time.created();
  }

  @Nullable IsoTime start() {
    return start;
  }

  /** The one door for changes of state; its log lines are the call's history. */
  void become(State next, String why) {
    log.info("call {} {} -> {}: {}", uid.shortForm(), state, next, why);
    state = next;
  }

  /** A server lets it ring. */
  void ring() {
    byServer = true;
    become(State.RINGING, "a server calls");
  }

  /** It goes on here, where nothing of its media is yet. */
  void takeOver(CallHandover before) {
    start = before.start();
    byServer = before.byServer();
    time.after(before.gentime());
    become(State.RESTARTING, "taken over");
  }

  boolean byServer() {
    return byServer;
  }

  boolean recording() {
    return recording;
  }

  long lastGentime() {
    return time.lastGentime();
  }

  /** Somebody is in it, and in a direct call both. */
  void begin(String why, long nowNs) {
    start = time.at(nowNs);
    become(State.ACTIVE, why);
  }

  /** The relay serves it again. */
  void resume() {
    if (state == State.RESTARTING) {
      become(start == null ? State.RINGING : State.ACTIVE, "offered again");
    }
  }

  /** What is told from now on has a finish. */
  void finish(long nowNs) {
    finish = time.at(nowNs);
  }

  /** Whether this is a change. */
  boolean recording(boolean on) {
    boolean changed = recording != on;
    recording = on;
    return changed;
  }

  /** Whether nothing can come of the call any more. */
  boolean isOver(Set<Jid> members) {
    if (state == State.NEW) {
      return place instanceof CallPlace.Direct direct && !members.containsAll(direct.members());
    }
    int present = roster.contacts().size();
    return switch (place) {
      // Of one that a server began, those still rung may come although the first has gone again.
      case CallPlace.Chat chat -> present == 0 && (!byServer || ringing.isEmpty());
      case CallPlace.Direct direct ->
          !members.containsAll(direct.members())
              || (start == null ? present + ringing.size() : present) < 2;
    };
  }

  Function<Jid, ServerEvent> snapshot(long nowNs) {
    boolean buzz = start == null && finish == null;
    List<CallOnliner> onliners = roster.onliners();
    long gentime = time.nextGentime(nowNs);
    return jid ->
        new ServerEvent.CallState(
            jid, uid, buzz, time.created(), start, finish, recording, onliners, gentime, gentime);
  }

  CallSummary summary(String reason, Attendance attendance, long nowNs) {
    return new CallSummary(
        uid, place.key(), time.created(), start, time.at(nowNs), attendance.everIn(), reason);
  }

  /** The relay says that the floor has gone to this contact. */
  void dominant(String contact) {
    dominant = contact;
  }

  private @Nullable Jid dominant() {
    for (Jid contact : roster.contacts()) {
      if (contact.toString().equals(dominant)) {
        return contact;
      }
    }
    return null;
  }

  CallView view() {
    return new CallView(
        uid,
        place,
        state,
        time.created(),
        start,
        recording,
        dominant(),
        roster.onliners(),
        List.copyOf(ringing.contacts()));
  }
}
