/** The call protocol's events and structures, in and out of JSON; see {@code PROTOCOL.md}. */
@NullMarked
package parley.signalling.wire;

import org.jspecify.annotations.NullMarked;
