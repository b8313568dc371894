package parley.signalling.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.Chat;

/**
 * How sessions and their calls are served.
 *
 * @param resend after how long an event that a client must confirm, and has not, is sent again
 * @param calls what calls may do; a chat may leave muting all others to administrators
 */
public record SessionSettings(Duration resend, CallPolicy calls) {

  /**
   * What calls in a chat may do.
   *
   * @param chat null: a direct one
   */
  CallPolicy callsIn(@Nullable Chat chat) {
    return chat == null || chat.everyoneMutes() ? calls : calls.adminsMute();
  }
}
