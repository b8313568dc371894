package parley.load.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;
import parley.load.scenario.CallPlan;

/** Groups whose people come one after the other, change, offer again, and leave in the end. */
final class GroupCalls implements Calls {

  /** So long after one another people come in the beginning, on average. */
  private static final double APART_S = 0.2;

  /** How often a group looks whether somebody has been put out. */
  private static final double LOOK_S = 1;

  private final Stage stage;
  private final CallPlan plan;
  private final ExecutorService threads;
  private final Deque<Room> idle = new ArrayDeque<>();
  private int running;

  /** A chat and its people's devices. */
  record Room(String chat, List<Device> people) {}

  GroupCalls(Stage stage, CallPlan plan, List<Room> rooms, ExecutorService threads) {
    this.stage = stage;
    this.plan = plan;
    this.threads = threads;
    this.idle.addAll(rooms);
  }

  @Override
  public synchronized void keep(int atOnce) {
    while (running < atOnce && !idle.isEmpty()) {
      Room room = idle.removeFirst();
      running++;
      threads.execute(() -> run(room));
    }
  }

  private synchronized void release(Room room) {
    running--;
    idle.addLast(room);
  }

  private void run(Room room) {
    int call = stage.nextCall();
    stage.calls().incrementAndGet();
    try {
      new Meeting(room, call).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stage.calls().decrementAndGet();
      release(room);
    }
  }

  /** One call in one room. */
  private final class Meeting {

    private final Room room;
    private final int call;
    private final SplittableRandom dice;
    private final SplittableRandom picks;
    private final List<Attendance> inside = new ArrayList<>();
    private final List<Device> outside;

    /** Those who are just coming, leaving or offering again. */
    private final Phaser busy = new Phaser(1);

    Meeting(Room room, int call) {
      this.room = room;
      this.call = call;
      this.dice = stage.dice(call);
      this.picks = dice.split();
      this.outside = new ArrayList<>(room.people());
    }

    void run() throws InterruptedException {
      boolean over = false;
      for (int i = 0; i < plan.people() && !over; i++) {
        boolean talks = i < plan.talkers();
        go(() -> comeIn(talks));
        over = stage.pause(2 * APART_S * dice.nextDouble());
      }
      double leftS = over ? 0 : Stage.exponential(dice, 1) * plan.lastsS();
      double changeInS = next(plan.changesPerS());
      double restartInS = next(plan.restartsPerS());
      while (!over && leftS > 0) {
        double sliceS = Math.min(Math.min(leftS, LOOK_S), Math.min(changeInS, restartInS));
        over = stage.pause(sliceS);
        leftS -= sliceS;
        changeInS -= sliceS;
        restartInS -= sliceS;
        if (!over && changeInS <= 0) {
          go(this::change);
          changeInS = next(plan.changesPerS());
        }
        if (!over && restartInS <= 0) {
          go(this::offerAgain);
          restartInS = next(plan.restartsPerS());
        }
        lookAround();
      }
      await();
      for (Attendance each = takeInside(); each != null; each = takeInside()) {
        Attendance leaver = each;
        go(() -> leave(leaver));
      }
      await();
    }

    private double next(double perSecond) {
      return perSecond > 0
          ? Stage.exponential(dice, plan.atOnce() / perSecond)
          : Double.POSITIVE_INFINITY;
    }

    private void await() {
      busy.awaitAdvance(busy.arrive());
    }

    private void go(Act act) {
      busy.register();
      threads.execute(
          () -> {
            try {
              act.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              busy.arriveAndDeregister();
            }
          });
    }

    private void comeIn(boolean talks) throws InterruptedException {
      Device device = takeOutside();
      if (device == null) {
        return;
      }
      Attendance attendance = new Attendance(stage, device, room.chat(), call, talks);
      try {
        device.prepare();
        attendance.connect(attendance.offer());
        synchronized (this) {
          inside.add(attendance);
        }
      } catch (Failure e) {
        if (!e.equals(attendance.failure())) {
          stage.ledger().error(e.why()); // else it is counted where it failed
        }
        device.leave(room.chat());
        attendance.drop();
        putOutside(device);
      }
    }

    private void change() throws InterruptedException {
      Attendance leaver = takeInside();
      if (leaver != null) {
        comeIn(leaver.talks()); // first, so that the call goes on
        leave(leaver);
      }
    }

    private void offerAgain() throws InterruptedException {
      Attendance attendance = takeInside();
      if (attendance == null) {
        return;
      }
      try {
        attendance.restart();
        synchronized (this) {
          inside.add(attendance);
        }
      } catch (Failure e) {
        stage.ledger().error(e.why());
        leave(attendance);
      }
    }

    private void leave(Attendance attendance) throws InterruptedException {
      try {
        attendance.leave();
      } catch (Failure e) {
        stage.ledger().error(e.why());
        attendance.drop();
      }
      putOutside(attendance.device());
    }

    /** Who was put out comes in again, as a client does. */
    private void lookAround() {
      List<Attendance> out;
      synchronized (this) {
        out = inside.stream().filter(Attendance::isPutOut).toList();
        inside.removeAll(out);
      }
      for (Attendance each : out) {
        stage.ledger().error(each.whyPutOut());
        each.drop();
        putOutside(each.device());
        go(() -> comeIn(each.talks()));
      }
    }

    private synchronized @Nullable Attendance takeInside() {
      return inside.isEmpty() ? null : inside.remove(picks.nextInt(inside.size()));
    }

    private synchronized @Nullable Device takeOutside() {
      return outside.isEmpty() ? null : outside.remove(picks.nextInt(outside.size()));
    }

    private synchronized void putOutside(Device device) {
      outside.add(device);
    }
  }

  /** What takes a while. */
  private interface Act {
    void run() throws InterruptedException;
  }
}
