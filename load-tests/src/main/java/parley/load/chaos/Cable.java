package parley.load.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The way from one node to NATS. Cut, it does what a dead switch does: what is sent is gone,
 * nothing comes, and nobody is told.
 */
final class Cable implements AutoCloseable {

  private final ServerSocket server;
  private final InetSocketAddress to;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  /**
   * @param at the loopback address at which the node finds it
   */
  Cable(String at, InetSocketAddress to) throws IOException {
    this.to = to;
    server = new ServerSocket(0, 50, InetAddress.getByName(at));
    Thread.ofPlatform().daemon().name("cable").start(this::accept);
  }

  /** As settings name it. */
  String url() {
    return "nats://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  void cut() {
    cut = true;
  }

  /** What was open is of no use: bytes of it are missing. */
  void mend() {
    open.forEach(Cable::end);
    open.clear();
    cut = false;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket node = server.accept();
        open.add(node);
        Socket nats = cut ? null : reach();
        if (nats != null) {
          open.add(nats);
          Thread.ofPlatform().daemon().name("cable").start(() -> copy(node, nats));
          Thread.ofPlatform().daemon().name("cable").start(() -> copy(nats, node));
        } else if (!cut) {
          end(node); // as the server's machine would refuse it
        }
      } catch (IOException e) {
        // closed, or the node has thought better of it
      }
    }
  }

  private @Nullable Socket reach() {
    var socket = new Socket();
    try {
      socket.connect(to, 1_000);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      end(socket);
      return null;
    }
  }

  private void copy(Socket from, Socket into) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!cut) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // one end is gone
    }
    if (!cut) {
      end(from);
      end(into);
      open.remove(from);
      open.remove(into);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone anyway
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(Cable::end);
  }
}
