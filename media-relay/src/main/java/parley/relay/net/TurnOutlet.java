package parley.relay.net;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import parley.relay.turn.TurnDrop;

/** What leaves through one socket or connection, gathered until its loop has seen all that came. */
final class TurnOutlet {

  private final Channel channel;
  private final TurnLoop loop;
  private boolean unflushed;

  TurnOutlet(Channel channel, TurnLoop loop) {
    this.channel = channel;
    this.loop = loop;
  }

  /** Takes the message over. */
  void write(Object message) {
    if (!channel.isWritable()) {
      ReferenceCountUtil.release(message);
      loop.meter().drop(TurnDrop.SEND_QUEUE_FULL);
      return;
    }
    var _ = channel.write(message, channel.voidPromise());
    if (!unflushed) {
      unflushed = true;
      loop.flushLater(this);
    }
  }

  void flush() {
    unflushed = false;
    channel.flush();
  }

  Channel channel() {
    return channel;
  }
}
