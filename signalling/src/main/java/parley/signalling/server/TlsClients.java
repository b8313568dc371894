package parley.signalling.server;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import parley.relay.api.WebBehind;

/**
 * Clients whose connections come from the TLS port of this process: who they are, and that they
 * came by HTTPS, is put where a proxy would have put it. Anybody else who finds the port behind it
 * is not answered.
 */
final class TlsClients implements WebBehind, Handler<HttpServerRequest> {

  private final Map<Integer, InetSocketAddress> clients = new ConcurrentHashMap<>();
  private final Handler<HttpServerRequest> next;
  private volatile @Nullable InetSocketAddress address;

  TlsClients(Handler<HttpServerRequest> next) {
    this.next = next;
  }

  void listensAt(InetSocketAddress here) {
    address = here;
  }

  @Override
  public InetSocketAddress address() {
    InetSocketAddress here = address;
    if (here == null) {
      throw new IllegalStateException("asked before it listens");
    }
    return here;
  }

  @Override
  public void connected(int localPort, InetSocketAddress client) {
    clients.put(localPort, client);
  }

  @Override
  public void closed(int localPort) {
    clients.remove(localPort);
  }

  @Override
  public void handle(HttpServerRequest request) {
    InetSocketAddress client = clients.get(request.remoteAddress().port());
    if (client == null) {
      request.connection().close();
      return;
    }
    // Whatever the client wrote there itself is not believed.
    request.headers().set("X-Forwarded-For", client.getAddress().getHostAddress());
    request.headers().set("X-Forwarded-Proto", "https");
    next.handle(request);
  }
}
