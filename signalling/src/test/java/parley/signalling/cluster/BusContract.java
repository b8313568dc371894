package parley.signalling.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;

/** What every bus promises; run on each of them. */
abstract class BusContract {

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** One end of the bus, connected. */
  abstract Bus open() throws Exception;

  /** From now on nobody reaches anybody, nor the store. */
  abstract void outage() throws Exception;

  /** All is as before; what was in the store is in it. */
  abstract void back() throws Exception;

  private final List<Bus> open = new ArrayList<>();
  Bus one;
  Bus two;

  @BeforeEach
  void openTwo() throws Exception {
    one = another();
    two = another();
  }

  Bus another() throws Exception {
    Bus bus = open();
    open.add(bus);
    await(bus::isUp);
    return bus;
  }

  @AfterEach
  void closeAll() {
    open.forEach(Bus::close);
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited half a minute").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Until what is said arrives: a subscription may be on its way. */
  private static void awaitPath(Bus from, Bus to, String subject) {
    var heard = new CountDownLatch(1);
    to.subscribe(subject + ".path", said -> heard.countDown());
    await(
        () -> {
          from.publish(subject + ".path", "there?");
          return heard.getCount() == 0;
        });
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  /** A store that was away needs a moment to be found again. */
  private <T> T insist(java.util.function.Supplier<CompletableFuture<T>> asking) {
    var done = new ArrayList<T>();
    await(
        () -> {
          try {
            done.add(get(asking.get()));
            return true;
          } catch (Exception e) {
            return false;
          }
        });
    return done.getFirst();
  }

  @Test
  void bringsWhatIsSaidInItsOrder() {
    var heard = new ConcurrentLinkedQueue<String>();
    two.subscribe("order", said -> heard.add(said.text()));
    awaitPath(one, two, "order");
    List<String> all = IntStream.range(0, 1_000).mapToObj(i -> "line " + i + " äöü").toList();
    all.forEach(line -> assertThat(one.publish("order", line)).isTrue());
    await(() -> heard.size() == all.size());
    assertThat(heard).containsExactlyElementsOf(all);
  }

  @Test
  void bringsItToEveryoneWhoListensAndToNobodyElse() {
    var first = new ConcurrentLinkedQueue<String>();
    var second = new ConcurrentLinkedQueue<String>();
    var other = new ConcurrentLinkedQueue<String>();
    one.subscribe("all", said -> first.add(said.text()));
    two.subscribe("all", said -> second.add(said.text()));
    two.subscribe("all.others", said -> other.add(said.text()));
    awaitPath(one, two, "all");
    awaitPath(one, one, "all");
    one.publish("all", "hello");
    await(() -> first.size() == 1 && second.size() == 1);
    assertThat(other).isEmpty();
  }

  @Test
  void answersWhoAsks() throws Exception {
    two.subscribe("ask", said -> said.reply(said.text() + "!"));
    awaitPath(one, two, "ask");
    assertThat(get(one.request("ask", "well", DEADLINE))).isEqualTo("well!");
  }

  @Test
  void saysSoonWhenNobodyListensOrNobodyAnswersInTime() {
    assertThatThrownBy(() -> get(one.request("nobody", "well", DEADLINE)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(BusUnavailable.class);
    two.subscribe("silent", said -> {});
    awaitPath(one, two, "silent");
    assertThatThrownBy(() -> get(one.request("silent", "well", Duration.ofMillis(100))))
        .hasCauseInstanceOf(BusUnavailable.class);
  }

  @Test
  void losesWhatComesTooFastAndStaysInOrder() {
    var goOn = new CountDownLatch(1);
    var heard = new ConcurrentLinkedQueue<Integer>();
    two.subscribe(
        "flood",
        said -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          heard.add(Integer.valueOf(said.text()));
        });
    awaitPath(one, two, "flooded");
    // Before: NATS' client may drop a subscription, too, when too much waits to be sent.
    var behind = new CountDownLatch(1);
    one.subscribe("behind", said -> behind.countDown());
    int many = 3 * LocalBus.MAX_WAITING;
    for (int i = 0; i < many; i++) {
      one.publish("flood", String.valueOf(i));
    }
    await(
        () -> {
          one.publish("behind", "there?");
          return behind.getCount() == 0;
        });
    goOn.countDown();
    awaitPath(one, two, "after");
    assertThat(List.copyOf(heard)).isSorted().hasSizeLessThanOrEqualTo(many).isNotEmpty();
  }

  @Test
  void letsOneOfAllWriteAKeyThatIsNotThere() throws Exception {
    List<CompletableFuture<Long>> tries =
        IntStream.range(0, 20)
            .mapToObj(i -> (i % 2 == 0 ? one : two).leases().create("call.a.b", "node " + i))
            .toList();
    int first = 0;
    for (CompletableFuture<Long> each : tries) {
      first += get(each) == Leases.NOT_DONE ? 0 : 1;
    }
    assertThat(first).isOne();
  }

  @Test
  void letsOneOfAllChangeWhatAllHaveSeen() throws Exception {
    Leases leases = one.leases();
    long seen = get(leases.create("key", "old"));
    long mine = get(leases.update("key", "mine", seen));
    assertThat(mine).isGreaterThan(seen);
    assertThat(get(two.leases().update("key", "yours", seen))).isEqualTo(Leases.NOT_DONE);
    assertThat(get(two.leases().delete("key", seen))).isFalse();
    assertThat(get(two.leases().get("key")))
        .hasValueSatisfying(
            entry -> {
              assertThat(entry.value()).isEqualTo("mine");
              assertThat(entry.revision()).isEqualTo(mine);
            });
    assertThat(get(two.leases().delete("key", mine))).isTrue();
    assertThat(get(leases.get("key"))).isEmpty();
    long again = get(leases.create("key", "new"));
    assertThat(again).isGreaterThan(mine);
    assertThat(get(leases.update("key", "late", mine))).isEqualTo(Leases.NOT_DONE);
  }

  @Test
  void outlivesAnOutage() throws Exception {
    var heard = new ConcurrentLinkedQueue<String>();
    two.subscribe("outage", said -> heard.add(said.text()));
    awaitPath(one, two, "outage");
    long seen = get(one.leases().create("kept", "before"));
    outage();
    await(() -> !one.isUp() && !two.isUp());
    assertThat(one.publish("outage", "lost")).isFalse();
    assertThatThrownBy(() -> get(one.leases().get("kept")))
        .hasCauseInstanceOf(BusUnavailable.class);
    assertThatThrownBy(() -> get(one.request("outage", "lost", DEADLINE)))
        .hasCauseInstanceOf(BusUnavailable.class);
    back();
    await(() -> one.isUp() && two.isUp());
    await(
        () -> {
          one.publish("outage", "back");
          return heard.contains("back");
        });
    assertThat(heard).doesNotContain("lost");
    assertThat(insist(() -> two.leases().get("kept")))
        .hasValueSatisfying(entry -> assertThat(entry.revision()).isEqualTo(seen));
    assertThat(insist(() -> two.leases().update("kept", "after", seen))).isGreaterThan(seen);
  }

  @Test
  void placesCallsOnTheNodesThatHaveARelay() throws Exception {
    var first = new NodeOnABus(one, "one", true);
    var second = new NodeOnABus(two, "two", true);
    await(() -> first.knows(1) && second.knows(1));
    assertThat(first.placed()).isEmpty();
    Bus three = another();
    var relay = new NodeOnABus(three, "three");
    await(() -> first.knows(2) && second.knows(2) && relay.knows(2));
    for (NodeOnABus each : List.of(first, second, relay)) {
      assertThat(each.placed()).contains(relay.id);
    }
    relay.stop();
    await(() -> first.knows(1) && second.knows(1));
    assertThat(first.placed()).isEmpty();
    first.stop();
    second.stop();
  }

  /** Half a megabyte of commands for legs of a call, while the bus is away for a moment. */
  @Test
  void bringsCommandsToTheRelaysOfOtherNodesWhateverTheBusLoses() throws Exception {
    var owner = new NodeOnABus(one, "owner");
    var carrier = new NodeOnABus(two, "carrier");
    await(() -> owner.knows(1) && carrier.knows(1));
    var call = new CallId("0d7b2a85-49f5-4586-8229-d9c52813dcb2");
    String sdp = "v=0\r\n" + "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n".repeat(50);
    var who = new PeerInfo("d-1", "Älice", "Test/1.0");
    List<NodeMessage> said =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    new RelayCommand.Offer(call, new PeerId("p-" + i), who, sdp, i % 2 == 0, false))
            .<NodeMessage>map(offer -> new NodeMessage.ToRelay(offer, 1, 17))
            .toList();
    said.subList(0, 100).forEach(message -> owner.says(carrier.id, message));
    outage();
    said.subList(100, 200).forEach(message -> owner.says(carrier.id, message));
    back();
    await(() -> carrier.heard.size() >= said.size());
    assertThat(carrier.heard).containsExactlyElementsOf(said);

    var told = new NodeMessage.FromRelay(new RelayEvent.Lost(call, new PeerId("p-1")), 1);
    carrier.says(owner.id, told);
    await(() -> !owner.heard.isEmpty());
    assertThat(owner.heard).containsExactly(told);
    owner.stop();
    carrier.stop();
  }

  @Test
  void agreesOnWhoIsDeadAfterALease() throws Exception {
    var first = new NodeOnABus(one, "one");
    var second = new NodeOnABus(two, "two");
    Bus three = another();
    var third = new NodeOnABus(three, "three");
    await(() -> first.knows(2) && second.knows(2) && third.knows(2));
    third.stop();
    await(() -> first.knows(1) && second.knows(1));
    assertThat(first.died).containsExactly(third.id);
    assertThat(second.died).containsExactly(third.id);
    outage();
    await(() -> !one.isUp() && !two.isUp());
    LockSupport.parkNanos(3 * NodeOnABus.LEASE.toNanos());
    int before = first.returned();
    back();
    await(() -> one.isUp() && two.isUp());
    await(() -> first.returned() > before);
    assertThat(first.died).as("an outage kills nobody").containsExactly(third.id);
    assertThat(second.died).containsExactly(third.id);
    first.stop();
    second.stop();
  }
}
