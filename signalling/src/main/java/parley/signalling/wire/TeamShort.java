package parley.signalling.wire;

import org.jspecify.annotations.Nullable;

/** A team in few words. */
public record TeamShort(TeamId uid, String name, @Nullable IconData icons) {}
