package parley.load.bench.server;

import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.load.bench.measure.Pauses;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;

/**
 * What the kernel asks for: the same packets received and sent by recvmmsg and sendmmsg, and
 * nothing done with them. In a process of its own like the others.
 */
public final class FloorServer implements ServerUnderTest {

  private final List<String> prefix;
  private @Nullable ChildProcess process;

  public FloorServer(List<String> prefix) {
    this.prefix = List.copyOf(prefix);
  }

  @Override
  public String name() {
    return "floor";
  }

  @Override
  public String version() {
    return "recvmmsg and sendmmsg, without encryption";
  }

  @Override
  public long pid() {
    return process == null ? ProcessHandle.current().pid() : process.pid();
  }

  @Override
  public Party invite(Shape shape, Swarm swarm) throws IOException, InterruptedException {
    List<Leg> legs = new ArrayList<>();
    for (int i = 0; i < shape.participants(); i++) {
      legs.add(swarm.newLeg());
    }
    ChildProcess started = start(prefix, swarm.address());
    process = started;
    try (BufferedWriter routes = started.input()) {
      for (int i = 0; i < legs.size(); i++) {
        routes.write(route(shape, legs, i));
        routes.newLine();
      }
    }
    int port = Integer.parseInt(started.awaitReady());
    List<Seat> seats = new ArrayList<>();
    for (int i = 0; i < legs.size(); i++) {
      Leg leg = legs.get(i);
      try {
        leg.connectPlain(RemoteEnd.number(swarm.address()), port).get(5, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException(e);
      }
      seats.add(new Seat(i / shape.people(), i % shape.people() < shape.talkers(), leg, leg));
    }
    return new Party(seats, new long[] {1}, 1);
  }

  /** Whom a participant's packets go to: his own port first, then theirs. */
  private static String route(Shape shape, List<Leg> legs, int sender) {
    StringBuilder route = new StringBuilder();
    route.append(legs.get(sender).localPort());
    int first = sender / shape.people() * shape.people();
    for (int listener = 0; listener < shape.people(); listener++) {
      if (Listening.hears(shape, listener, sender - first)) {
        route.append(' ').append(legs.get(first + listener).localPort());
      }
    }
    return route.toString();
  }

  /** Tells its port when it has read its routes. */
  public static ChildProcess start(List<String> prefix, String address) throws IOException {
    return new ChildProcess(command(prefix, address), Pattern.compile("^port (\\d+)$"));
  }

  private static List<String> command(List<String> prefix, String address) {
    List<String> command = new ArrayList<>(prefix);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    String tests = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", tests == null ? System.getProperty("java.class.path") : tests));
    command.add(FloorMain.class.getName());
    command.add(address);
    return command;
  }

  @Override
  public @Nullable Pauses pauses() {
    return null;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
