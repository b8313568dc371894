package parley.signalling.wire;

import org.jspecify.annotations.Nullable;

/** A chat in few words, as its viewer sees it. */
public record ChatShort(Jid jid, ChatType chatType, String displayName, @Nullable IconData icons) {}
