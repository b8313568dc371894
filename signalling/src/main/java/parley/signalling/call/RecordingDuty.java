package parley.signalling.call;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Mode;
import parley.relay.api.RelayEvent;

/**
 * What one call owes to its recording policy: where it must be recorded, nobody gets his answer, so
 * that no sound flows, before the recorder writes; and what happens when it cannot, or not any
 * more.
 *
 * <pre>
 * WAITING ─recording on─► KEPT ─recording off─► BROKEN ─recording on─► KEPT
 *    └─off, or too late──► the call ends           └─grace over──► the call ends
 * </pre>
 *
 * Where it need not be recorded it is FREE, and only what happens is told.
 */
final class RecordingDuty {

  /** The recorder opens a few files; a disk that takes longer is none to rely on. */
  static final long PATIENCE_NS = 10_000_000_000L;

  /** Between two attempts to begin a recording anew. */
  static final long RETRY_NS = 2_000_000_000L;

  private enum State {
    FREE,
    WAITING,
    KEPT,
    BROKEN
  }

  private final RelayLine relay;
  private final Announcer announce;
  private final ArrayDeque<RelayEvent.Answered> held = new ArrayDeque<>();
  private RecordingPolicy policy;
  private State state = State.FREE;
  private boolean open;
  private boolean on;
  private long endNs = Long.MAX_VALUE;
  private long retryNs = Long.MAX_VALUE;
  private String trouble = "";
  private @Nullable String end;

  RecordingDuty(RecordingPolicy policy, RelayLine relay, Announcer announce) {
    this.policy = policy;
    this.relay = relay;
    this.announce = announce;
  }

  RecordingPolicy policy() {
    return policy;
  }

  /** When {@link #onTick} is due. */
  long nextDeadlineNs() {
    return Math.min(endNs, retryNs);
  }

  /** The relay has the call, or has it no more. */
  void onRelay(boolean isOpen, long nowNs) {
    if (open == isOpen) {
      return;
    }
    open = isOpen;
    on = false;
    held.clear();
    retryNs = Long.MAX_VALUE;
    boolean waits = isOpen && policy.required();
    state = waits ? State.WAITING : State.FREE;
    endNs = waits ? nowNs + PATIENCE_NS : Long.MAX_VALUE;
    trouble = "the recorder does not answer";
  }

  /** Whether the device has to wait for its answer; {@link #pollHeld} hands it out later. */
  boolean holds(RelayEvent.Answered answer) {
    boolean waits = state == State.WAITING;
    if (waits) {
      held.add(answer);
    }
    return waits;
  }

  RelayEvent.@Nullable Answered pollHeld() {
    return state == State.WAITING ? null : held.poll();
  }

  /** Why the call must end now; null when it need not. Once. */
  @Nullable String pollEnd() {
    String why = end;
    end = null;
    return why;
  }

  void onRecording(boolean isOn, String reason, long nowNs) {
    boolean changed = on != isOn;
    on = isOn;
    if (isOn) {
      onBegun(changed);
    } else if (!reason.isEmpty()) {
      onTrouble(reason, nowNs);
    }
  }

  private void onBegun(boolean changed) {
    if (changed) {
      announce.decided(policy, RecordingDecision.RECORDED, "");
    }
    if (state != State.FREE) {
      state = State.KEPT;
      endNs = Long.MAX_VALUE;
      retryNs = Long.MAX_VALUE;
    }
  }

  private void onTrouble(String reason, long nowNs) {
    trouble = reason;
    switch (state) {
      case FREE -> announce.decided(policy, RecordingDecision.NOT_RECORDED, reason);
      case WAITING -> refuse();
      case KEPT -> {
        announce.decided(policy, RecordingDecision.NOT_RECORDED, reason);
        if (policy.mode() == Mode.REQUIRED_DURING) {
          retryNs = nowNs + RETRY_NS;
          state = State.BROKEN;
          endNs = nowNs + policy.graceS() * 1_000_000_000L;
        }
      }
      case BROKEN -> retryNs = nowNs + RETRY_NS;
    }
  }

  /** Somebody who may wants it recorded, or not any more. */
  void ask(boolean wish) {
    if (!wish && policy.required()) {
      return; // whoever asks was told before
    }
    if (open && wish != relay.recordingAsked()) {
      announce.decided(
          policy, wish ? RecordingDecision.SWITCHED_ON : RecordingDecision.SWITCHED_OFF, "");
    }
    relay.record(wish);
  }

  /** The chat's policy has changed. A call that runs gets the grace that the new one gives. */
  void rule(RecordingPolicy next, long nowNs) {
    boolean records = next.records() != policy.records();
    policy = next;
    relay.rule(next);
    if (open) {
      announce.decided(next, RecordingDecision.RULED, "");
    }
    if (records || (next.required() && !relay.recordingAsked())) {
      relay.record(next.records());
    }
    if (!open || (state == State.WAITING && next.required())) {
      return;
    }
    endNs = Long.MAX_VALUE;
    retryNs = Long.MAX_VALUE;
    if (!next.required()) {
      state = State.FREE;
    } else if (on || next.mode() == Mode.REQUIRED_BEFORE) {
      state = State.KEPT; // it has begun: before is past
    } else {
      state = State.BROKEN;
      trouble = "the recorder does not answer";
      relay.record(true);
      endNs = nowNs + Math.max(PATIENCE_NS, next.graceS() * 1_000_000_000L);
    }
  }

  void onTick(long nowNs) {
    if (nowNs >= endNs) {
      if (state == State.WAITING) {
        refuse();
      } else {
        end(RecordingDecision.ENDED, "this call had to be recorded, and it could not be: ");
      }
    } else if (nowNs >= retryNs) {
      retryNs = nowNs + RETRY_NS;
      relay.record(true);
    }
  }

  private void refuse() {
    String sentence = "this call must be recorded, and it cannot be: " + trouble;
    announce.refuseAll(sentence);
    end(RecordingDecision.REFUSED, "this call must be recorded, and it cannot be: ");
  }

  private void end(RecordingDecision decision, String what) {
    announce.decided(policy, decision, trouble);
    end = what + trouble;
    endNs = Long.MAX_VALUE;
    retryNs = Long.MAX_VALUE;
    held.clear();
  }
}
