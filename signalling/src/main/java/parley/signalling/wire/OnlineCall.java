package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;

/**
 * A running call.
 *
 * @param jid the chat, as the viewer sees it
 * @param start left out while a direct call rings
 * @param onlineCount how many contacts are in it
 */
public record OnlineCall(
    Jid jid,
    CallId uid,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable IsoTime start,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int onlineCount) {}
