package parley.load.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The least that can stand between two ends: reads, and writes what it read. */
final class TcpProxy implements AutoCloseable {

  private final ServerSocket server;
  private final int to;

  TcpProxy(int to) throws IOException {
    this.to = to;
    server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = server.accept();
        Socket target = new Socket(InetAddress.getLoopbackAddress(), to);
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().start(() -> copy(client, target));
        Thread.ofPlatform().daemon().start(() -> copy(target, client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // one end is gone, so is the other
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
