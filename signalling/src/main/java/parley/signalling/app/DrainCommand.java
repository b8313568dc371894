package parley.signalling.app;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley drain}: has a node of this machine hand its calls over, and end. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Ends a node of this machine without ending its calls: it takes no more, hands those it has"
          + " to other nodes, lets its clients go to them, and ends. The same as SIGTERM.%n",
      "How long that may take is nats.drain_s; a node that is alone just ends.%n"
    })
final class DrainCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;

  @Parameters(
      arity = "0..1",
      paramLabel = "PID",
      description = "Process id of the node; not needed where only one runs.")
  private @Nullable Long pid;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for its end (default: ${DEFAULT-VALUE}).")
  private int waitS;

  @Override
  public Integer call() throws InterruptedException {
    List<ProcessHandle> nodes = nodes();
    if (nodes.size() != 1) {
      System.err.println(
          nodes.isEmpty()
              ? "parley: there is no such node on this machine"
              : "parley: several nodes run here: " + pids(nodes) + "; right would be one of these");
      return FAILED;
    }
    ProcessHandle node = nodes.getFirst();
    if (!node.destroy()) {
      System.err.println("parley: process " + node.pid() + " cannot be told to end");
      return FAILED;
    }
    try {
      node.onExit().get(waitS, TimeUnit.SECONDS);
      return OK;
    } catch (TimeoutException e) {
      System.err.println("parley: process " + node.pid() + " has not ended within " + waitS + " s");
      return FAILED;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing fails at the end of a process", e);
    }
  }

  private List<ProcessHandle> nodes() {
    if (pid != null) {
      Optional<ProcessHandle> named = ProcessHandle.of(pid).filter(DrainCommand::isNode);
      return named.stream().toList();
    }
    return ProcessHandle.allProcesses().filter(DrainCommand::isNode).toList();
  }

  private static boolean isNode(ProcessHandle process) {
    String line = process.info().commandLine().orElse("");
    return line.contains(Main.class.getName() + " run");
  }

  private static String pids(List<ProcessHandle> nodes) {
    return String.join(", ", nodes.stream().map(each -> String.valueOf(each.pid())).toList());
  }
}
