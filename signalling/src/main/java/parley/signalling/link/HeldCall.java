package parley.signalling.link;

import parley.relay.api.CallId;
import parley.signalling.wire.Jid;

/**
 * A call that a session's device is in, as its chat server knows.
 *
 * @param jid the chat, as this contact sees it
 */
record HeldCall(Jid jid, CallId uid) {}
