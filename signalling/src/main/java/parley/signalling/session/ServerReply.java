package parley.signalling.session;

import java.util.List;
import parley.signalling.call.CallView;

/** What comes of a {@link ServerCommand}. */
public sealed interface ServerReply {

  record Calls(List<CallView> calls) implements ServerReply {}

  record OneCall(CallView call) implements ServerReply {}

  record Done() implements ServerReply {}

  /** There is no such call, not in this team, or not any more. */
  record NoCall() implements ServerReply {}

  /** There is no such chat, or the caller is not in it. */
  record NoChat() implements ServerReply {}

  /** The contact is neither in the call nor rung. */
  record NotInCall() implements ServerReply {}

  /** In the chat there is a call already: this one. */
  record Running(CallView call) implements ServerReply {}

  /**
   * It makes no sense.
   *
   * @param why one sentence, which begins with the field that is wrong
   */
  record Wrong(String why) implements ServerReply {}
}
