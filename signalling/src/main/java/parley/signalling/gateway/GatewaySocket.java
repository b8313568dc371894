package parley.signalling.gateway;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.server.SocketFault;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.ServerEvent;

/**
 * One client's socket, joined to one of the chat server's: two streams of bytes that go through a
 * {@link MessageLane} each. Calls' events leave and enter there; all else passes as it is. Owned by
 * its event loop.
 *
 * <pre>
 * JOINED ─upstream gone─► CLOSING ─client's close, or time─► CLOSED
 * ALONE ─upstream back─► JOINED         (came while the chat server was away)
 * </pre>
 */
final class GatewaySocket implements CallSide.Outlet {

  private static final Logger log = LoggerFactory.getLogger(GatewaySocket.class);

  /** A roster of some thousand people and chats. */
  private static final int MAX_COPIED_BYTES = 8 << 20;

  /** What a client says while the chat server is away: it would say the same again later. */
  private static final int MAX_KEPT_BYTES = 256 << 10;

  /** A client that has been told to go answers within a round trip. */
  private static final long CLOSING_MS = 3_000;

  private static final int GOING_AWAY = 1001;
  private static final int POLICY = 1008;
  private static final int SERVICE_RESTART = 1012;
  private static final int TRY_LATER = 1013;

  private enum Phase {
    JOINED,
    ALONE,
    CLOSING,
    CLOSED
  }

  private final Gateway gateway;
  private final Context context;
  private final Visitor visitor;
  private final NetSocket client;
  private final CallSide calls;
  private final Acquaintance who;
  private final Heartbeat heartbeat;
  private final OnlineView online = new OnlineView();
  private final Runnable gone;
  private final MessageLane clientLane =
      new MessageLane(event -> Sorting.ofClient(event, isAlone()), EventCodec.MAX_FRAME_BYTES, 0);
  private final Weaving weaving = new Weaving();
  private final MessageLane serverLane =
      new MessageLane(Sorting::ofServer, EventCodec.MAX_FRAME_BYTES, MAX_COPIED_BYTES);
  private @Nullable NetSocket upstream;
  private Phase phase;
  private Buffer kept = Buffer.buffer();
  private boolean clientSaidClose;
  private boolean serverSaidClose;
  private long pingTimer;

  /**
   * @param upstream null: the chat server is away
   * @param gone runs once when the client's socket is closed
   */
  GatewaySocket(
      Gateway gateway,
      Context context,
      Visitor visitor,
      NetSocket client,
      @Nullable NetSocket upstream,
      Runnable gone) {
    this.gateway = gateway;
    this.context = context;
    this.visitor = visitor;
    this.client = client;
    this.upstream = upstream;
    this.gone = gone;
    this.phase = upstream == null ? Phase.ALONE : Phase.JOINED;
    long nowNs = System.nanoTime();
    this.heartbeat = new Heartbeat(gateway.settings().ping(), nowNs);
    this.calls =
        new CallSide(
            context, visitor, this, gateway.loop(), gateway.codec(), gateway.metrics(), nowNs);
    this.who = new Acquaintance(gateway, context, visitor, calls, this);
  }

  /** Lets bytes flow. */
  void begin() {
    client.exceptionHandler(e -> log.debug("{}: {}", visitor.shortForm(), e.toString()));
    client.closeHandler(v -> onClientGone());
    client.handler(this::fromClient);
    long lookMs = gateway.settings().ping().toMillis() / 3;
    pingTimer = context.owner().setPeriodic(lookMs, t -> onPingTime(System.nanoTime()));
    NetSocket joined = upstream;
    if (joined != null) {
      attach(joined);
      who.introduce();
    }
    client.resume();
  }

  private void attach(NetSocket to) {
    to.exceptionHandler(e -> log.debug("{}: {}", visitor.shortForm(), e.toString()));
    to.closeHandler(v -> onUpstreamGone(to));
    to.handler(this::fromUpstream);
    to.resume();
  }

  // --- from the client

  private void fromClient(Buffer in) {
    heartbeat.heard(System.nanoTime());
    clientLane.read(in);
    var on = new Gathered();
    for (MessageLane.Out out = clientLane.poll(); out != null; out = clientLane.poll()) {
      switch (out) {
        case MessageLane.Out.Pass pass -> on.add(pass.bytes());
        case MessageLane.Out.Control control -> onClientControl(control, on);
        case MessageLane.Out.Whole whole -> onClientEvent(whole, on);
        case MessageLane.Out.Copy copy -> {}
      }
    }
    toUpstream(on.bytes());
  }

  private void onClientControl(MessageLane.Out.Control control, Gathered on) {
    if (control.opcode() == FrameScanner.PONG && heartbeat.isAnswer(control.payload())) {
      return; // the answer to our own
    }
    if (control.opcode() == FrameScanner.CLOSE) {
      clientSaidClose = true;
      if (phase == Phase.ALONE) {
        client.write(Frames.close(control.payload()));
      }
      if (phase == Phase.CLOSING || phase == Phase.ALONE) {
        client.close();
        return;
      }
    }
    if (phase == Phase.ALONE) {
      if (control.opcode() == FrameScanner.PING) {
        client.write(Frames.pong(control.payload()));
      }
      return;
    }
    on.add(control.bytes());
  }

  private void onClientEvent(MessageLane.Out.Whole whole, Gathered on) {
    Decoded frame = gateway.codec().decode(whole.utf8());
    boolean ours = Sorting.isOurs(frame, whole.event(), isAlone());
    for (MessageLane.Out part : whole.parts()) {
      switch (part) {
        case MessageLane.Out.Control control -> onClientControl(control, on);
        case MessageLane.Out.Pass pass when !ours -> on.add(pass.bytes());
        default -> {}
      }
    }
    if (ours) {
      onCallEvent(frame, whole.utf8().length);
    }
  }

  private void onCallEvent(Decoded frame, int bytes) {
    long nowNs = System.nanoTime();
    if (frame instanceof Decoded.Accepted accepted) {
      if (accepted.event() instanceof ClientEvent.Ping) {
        String id = accepted.confirmId();
        calls.say(new ServerEvent.Confirm(id == null ? "" : id));
        return;
      }
      if (accepted.event() instanceof ClientEvent.OfCall call && phase == Phase.JOINED) {
        who.means(call.jid(), nowNs);
      }
    }
    calls.fromClient(frame, bytes, who.isAsking(), nowNs);
  }

  private void toUpstream(@Nullable Buffer bytes) {
    if (bytes == null) {
      return;
    }
    NetSocket to = upstream;
    if (to != null) {
      to.write(bytes);
      if (to.writeQueueFull()) {
        client.pause();
        to.drainHandler(v -> client.resume());
      }
    } else if (phase == Phase.ALONE) {
      if (kept.length() + bytes.length() > MAX_KEPT_BYTES) {
        shut(TRY_LATER, "the chat server is away");
      } else {
        kept.appendBuffer(bytes);
      }
    }
  }

  private void onClientGone() {
    context.owner().cancelTimer(pingTimer);
    phase = Phase.CLOSED;
    NetSocket to = upstream;
    upstream = null;
    if (to != null) {
      to.close();
    }
    endCalls();
    weaving.drop();
    gone.run();
  }

  // --- from the chat server

  private void fromUpstream(Buffer in) {
    if (phase != Phase.JOINED) {
      return;
    }
    serverLane.read(in);
    passServer();
    weave();
    NetSocket from = upstream;
    if (from != null && client.writeQueueFull()) {
      from.pause();
      client.drainHandler(v -> from.resume());
    }
  }

  private void passServer() {
    var on = new Gathered();
    for (MessageLane.Out out = serverLane.poll(); out != null; out = serverLane.poll()) {
      switch (out) {
        case MessageLane.Out.Pass pass -> on.add(pass.bytes());
        case MessageLane.Out.Control control -> onServerControl(control, on);
        case MessageLane.Out.Whole whole -> onServerOnline(whole, on);
        case MessageLane.Out.Copy copy -> who.onTold(copy);
      }
    }
    Buffer bytes = on.bytes();
    if (bytes != null) {
      client.write(bytes);
    }
  }

  private void onServerControl(MessageLane.Out.Control control, Gathered on) {
    if (control.opcode() == FrameScanner.CLOSE) {
      serverSaidClose = true;
      if (Frames.isExpulsion(control.payload())) {
        who.sentAway();
      }
    }
    on.add(control.bytes());
  }

  private void onServerOnline(MessageLane.Out.Whole whole, Gathered on) {
    byte[] withOurs = online.fromServer(whole.utf8());
    for (MessageLane.Out part : whole.parts()) {
      switch (part) {
        case MessageLane.Out.Control control -> onServerControl(control, on);
        case MessageLane.Out.Pass pass when withOurs == null -> on.add(pass.bytes());
        default -> {}
      }
    }
    if (withOurs != null) {
      on.add(Frames.text(withOurs));
    }
  }

  private void onUpstreamGone(NetSocket which) {
    if (!which.equals(upstream) || phase != Phase.JOINED) {
      return;
    }
    boolean cut = !serverLane.isBetweenFrames();
    serverLane.end();
    passServer();
    upstream = null;
    endCalls();
    if (cut) {
      phase = Phase.CLOSING;
      client.close();
    } else if (serverSaidClose) {
      leave();
    } else {
      log.info("{}: the chat server is gone", visitor.shortForm());
      client.write(Frames.close(SERVICE_RESTART, "the chat server is gone, come again"));
      leave();
    }
  }

  /** The client has been told to close: its answer is waited for, and then no longer. */
  private void leave() {
    phase = Phase.CLOSING;
    client.resume();
    if (clientSaidClose) {
      client.close();
    } else {
      context.owner().setTimer(CLOSING_MS, t -> client.close());
    }
  }

  private void endCalls() {
    who.over();
    calls.closed();
  }

  // --- the chat server is away, and back

  Acquaintance who() {
    return who;
  }

  boolean isAlone() {
    return phase == Phase.ALONE;
  }

  Visitor visitor() {
    return visitor;
  }

  Context context() {
    return context;
  }

  /** The chat server is back, and has let him in. */
  void join(NetSocket to) {
    if (phase != Phase.ALONE) {
      to.close();
      return;
    }
    phase = Phase.JOINED;
    upstream = to;
    attach(to);
    Buffer said = kept;
    kept = Buffer.buffer();
    toUpstream(said.length() == 0 ? null : said);
    who.introduce();
  }

  // --- what we say ourselves

  @Override
  public void weave(byte[] utf8, Runnable sent) {
    weaving.add(utf8, sent);
    weave();
  }

  private void weave() {
    if (phase != Phase.JOINED && phase != Phase.ALONE) {
      weaving.drop();
    } else if (!serverSaidClose && serverLane.isBetweenMessages()) {
      weaving.putInto(client);
    }
  }

  @Override
  public void online(List<OnlineCall> running) {
    byte[] withOurs = online.changed(running);
    if (withOurs != null) {
      weave(withOurs, () -> {});
    }
  }

  @Override
  public void shut(int code, String reason) {
    if (phase != Phase.JOINED && phase != Phase.ALONE) {
      return;
    }
    log.info("session {} is closed: {} {}", visitor.shortForm(), code, reason);
    NetSocket to = upstream;
    upstream = null;
    if (to != null) {
      if (clientLane.isBetweenFrames()) {
        to.write(Frames.closeByClient(GOING_AWAY));
      }
      to.close();
    }
    endCalls();
    if (serverLane.isBetweenFrames() && !serverSaidClose) {
      client.write(Frames.close(code, reason));
    }
    leave();
    weave();
  }

  /** A client that does not answer is gone, whatever its network says. */
  private void onPingTime(long nowNs) {
    if (phase != Phase.JOINED && phase != Phase.ALONE) {
      return;
    }
    if (heartbeat.isDead(nowNs)) {
      SocketFault.DEAD.count(gateway.metrics());
      shut(POLICY, "no answer to pings");
      client.close();
    } else if (!serverSaidClose && serverLane.isBetweenFrames()) {
      heartbeat.ask(client::write, nowNs);
    }
  }
}
