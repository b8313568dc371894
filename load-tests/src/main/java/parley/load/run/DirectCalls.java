package parley.load.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import parley.load.scenario.CallPlan;

/**
 * One rings the other, who accepts, declines, or is rung in vain; then they talk and one leaves.
 */
final class DirectCalls implements Calls {

  /** How often somebody in a call looks whether he has been put out. */
  private static final double LOOK_S = 1;

  private final Stage stage;
  private final CallPlan plan;
  private final ExecutorService threads;
  private final List<Device> idle;
  private int running;

  DirectCalls(Stage stage, CallPlan plan, List<Device> pool, ExecutorService threads) {
    this.stage = stage;
    this.plan = plan;
    this.threads = threads;
    this.idle = new ArrayList<>(pool);
  }

  @Override
  public synchronized void keep(int atOnce) {
    while (running < atOnce && idle.size() >= 2) {
      int call = stage.nextCall();
      SplittableRandom dice = stage.dice(call);
      Device caller = idle.remove(dice.nextInt(idle.size()));
      Device callee = idle.remove(dice.nextInt(idle.size()));
      running++;
      threads.execute(() -> run(call, dice, caller, callee));
    }
  }

  private synchronized void release(Device caller, Device callee) {
    running--;
    idle.add(caller);
    idle.add(callee);
  }

  private void run(int call, SplittableRandom dice, Device caller, Device callee) {
    String calleeJid = callee.member().jid();
    String callerJid = caller.member().jid();
    Attendance from = new Attendance(stage, caller, calleeJid, call, true);
    Attendance to = new Attendance(stage, callee, callerJid, call, true);
    stage.calls().incrementAndGet();
    try {
      caller.prepare();
      callee.prepare();
      long beganNs = from.offer();
      from.connect(beganNs);
      stage.ledger().rung(callee.awaitNs(Device.BUZZ, callerJid) - beganNs);
      boolean over = stage.pause(Stage.exponential(dice, plan.answeredAfterS()));
      double die = 100 * dice.nextDouble();
      if (over || die < plan.cancelledPercent()) {
        caller.cancel(calleeJid);
        from.drop();
        callee.await(Device.BUZZ_CANCEL, callerJid);
      } else if (die < plan.cancelledPercent() + plan.rejectedPercent()) {
        callee.reject(callerJid);
        caller.await(Device.REJECT, calleeJid);
        from.drop();
      } else {
        to.connect(to.offer());
        talk(dice, from, to);
      }
    } catch (Failure e) {
      if (!wasCounted(e, from, to)) {
        stage.ledger().error(e.why());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hangUp(from);
      hangUp(to);
      stage.calls().decrementAndGet();
      release(caller, callee);
    }
  }

  /** A join that failed is counted where it did. */
  private static boolean wasCounted(Failure failure, Attendance from, Attendance to) {
    return failure.equals(from.failure()) || failure.equals(to.failure());
  }

  private static void hangUp(Attendance attendance) {
    if (attendance.isIn() || attendance.failure() != null) {
      attendance.device().leave(attendance.chat());
      attendance.drop();
    }
  }

  private void talk(SplittableRandom dice, Attendance from, Attendance to)
      throws Failure, InterruptedException {
    double leftS = Stage.exponential(dice, plan.lastsS());
    double restartInS = nextRestart(dice);
    boolean over = false;
    while (!over && leftS > 0) {
      double sliceS = Math.min(Math.min(leftS, LOOK_S), restartInS);
      over = stage.pause(sliceS);
      leftS -= sliceS;
      restartInS -= sliceS;
      if (!over && restartInS <= 0) {
        (dice.nextBoolean() ? from : to).restart();
        restartInS = nextRestart(dice);
      }
      @Nullable Attendance out = from.isPutOut() ? from : to.isPutOut() ? to : null;
      if (out != null) {
        throw new Failure(out.whyPutOut());
      }
    }
    Attendance first = dice.nextBoolean() ? from : to;
    Attendance second = first == from ? to : from;
    first.leave();
    second.device().await(Device.LEAVE, second.chat());
    second.drop();
  }

  private double nextRestart(SplittableRandom dice) {
    return plan.restartsPerS() > 0
        ? Stage.exponential(dice, plan.atOnce() / plan.restartsPerS())
        : Double.POSITIVE_INFINITY;
  }
}
