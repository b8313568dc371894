package parley.signalling.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends a connection without a word. Every way of Vert.x to close first writes what waits, which
 * never ends with a peer who does not read; so this one goes past it, to Netty's channel.
 */
record TransportCut(HttpConnection connection) {

  /** Any thread; of a connection that is gone already, nothing happens. */
  void now() {
    if (connection instanceof ConnectionBase base) {
      Channel channel = base.channel();
      channel.eventLoop().execute(() -> cut(channel));
    }
  }

  private static void cut(Channel channel) {
    // From the first handler on, only the transport is left to hear of it.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      ChannelFuture unused = first.close(); // there is nobody to tell
    }
  }
}
