package parley.load.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import parley.load.browser.BrowserPlace;

/** A host of a {@link NetworkLab}: a network namespace with an address. */
public final class Host implements BrowserPlace, AutoCloseable {

  private final String namespace;
  private final String address;
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

  Host(String namespace, String address) {
    this.namespace = namespace;
    this.address = address;
  }

  String namespace() {
    return namespace;
  }

  /** Its only address, or its first. */
  public String address() {
    return address;
  }

  /** In front of a command, so that it runs on this host. */
  @Override
  public List<String> prefix() {
    return List.of("ip", "netns", "exec", namespace);
  }

  /** Starts a program there. */
  public Process start(String... command) throws IOException {
    List<String> whole = new ArrayList<>(prefix());
    whole.addAll(List.of(command));
    return new ProcessBuilder(whole).redirectErrorStream(true).start();
  }

  /** Runs a program there, and takes what it says. */
  public String run(String... command) throws IOException, InterruptedException {
    return NetworkLab.run(start(command), String.join(" ", command));
  }

  @Override
  public int bridge(int port) {
    try {
      ServerSocket here = listen(port);
      open.add(here);
      Thread.ofPlatform().daemon().name("bridge").start(() -> accept(here, port));
      return here.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    try {
      return new ServerSocket(port, 4, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      return new ServerSocket(0, 4, InetAddress.getLoopbackAddress()); // somebody here has it
    }
  }

  private void accept(ServerSocket here, int port) {
    String script = "exec 3<>/dev/tcp/127.0.0.1/" + port + "; cat <&3 & exec cat >&3";
    try {
      while (true) {
        Socket socket = here.accept();
        Process there = start("bash", "-c", script);
        open.add(socket);
        open.add(there::destroy);
        pump(socket.getInputStream(), there.getOutputStream());
        pump(there.getInputStream(), socket.getOutputStream());
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void pump(InputStream from, OutputStream to) {
    Thread.ofPlatform()
        .daemon()
        .name("bridge")
        .start(
            () -> {
              byte[] buffer = new byte[64 << 10];
              try (from;
                  to) {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                  to.write(buffer, 0, read);
                  to.flush();
                }
              } catch (IOException e) {
                // one of the two has ended
              }
            });
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
