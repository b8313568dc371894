package parley.signalling.wire;

import org.jspecify.annotations.Nullable;

/** A contact in few words. */
public record ContactShort(
    Jid jid, String displayName, String shortName, @Nullable IconData icons) {}
