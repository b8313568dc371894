package parley.load.bench.turn;

import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import parley.load.bench.server.ChildProcess;
import parley.load.server.ParleyProcess;

/** Parley's TURN server with the flags that the launcher gives it; with media loops if asked. */
final class ParleyTurn implements TurnServerUnderTest {

  private static final Pattern READY = Pattern.compile("^ready (\\d+ \\d+)$");

  private final ChildProcess process;
  private final BufferedWriter questions;
  private final int port;
  private final int mediaPort;

  /**
   * @param media with a media loop in the same process
   */
  ParleyTurn(boolean media, Ports.Range relayed, List<String> prefix)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(ParleyProcess.likeParley(TurnMain.class));
    command.add(Boolean.toString(media));
    command.add(Integer.toString(Ports.free()));
    command.add(Integer.toString(relayed.first()));
    command.add(Integer.toString(relayed.last()));
    process = new ChildProcess(command, READY);
    questions = process.input();
    String[] ports = process.awaitReady().split(" ", -1);
    port = Integer.parseInt(ports[0]);
    mediaPort = Integer.parseInt(ports[1]);
  }

  @Override
  public String name() {
    return mediaPort == 0 ? "parley" : "own media";
  }

  @Override
  public String version() {
    return mediaPort == 0
        ? "Parley's TURN server, settings as they come"
        : "Parley's TURN server with a media loop in its process, each a thread";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int mediaPort() {
    return mediaPort;
  }

  @Override
  public long mediaPackets() throws IOException, InterruptedException {
    if (mediaPort == 0) {
      return 0;
    }
    return ask("media");
  }

  @Override
  public long compiledNs() throws IOException, InterruptedException {
    return TimeUnit.MILLISECONDS.toNanos(ask("compiled"));
  }

  /** What of its heap is in use, after a collection. */
  long liveBytes() throws IOException, InterruptedException {
    return ask("heap");
  }

  private long ask(String what) throws IOException, InterruptedException {
    var answer = process.await(Pattern.compile("^" + what + " (\\d+)$"));
    questions.write(what + "\n");
    questions.flush();
    return Long.parseLong(process.get(answer));
  }

  @Override
  public void close() {
    process.close();
  }
}
