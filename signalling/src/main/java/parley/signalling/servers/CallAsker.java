package parley.signalling.servers;

import java.util.concurrent.CompletableFuture;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;

/** Hands a command to the calls, and brings their reply. Any thread; never blocks. */
@FunctionalInterface
public interface CallAsker {
  CompletableFuture<ServerReply> ask(ServerCommand command);
}
