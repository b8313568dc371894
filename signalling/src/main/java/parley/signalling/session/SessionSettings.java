package parley.signalling.session;

import java.time.Duration;
import parley.signalling.call.CallPolicy;

/**
 * How sessions and their calls are served.
 *
 * @param resend after how long an event that a client must confirm, and has not, is sent again
 * @param calls what calls may do; a chat may leave muting all others to administrators
 */
public record SessionSettings(Duration resend, CallPolicy calls) {}
