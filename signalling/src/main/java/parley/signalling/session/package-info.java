/** Who is connected: sessions, confirmations and resending, presence. */
@NullMarked
package parley.signalling.session;

import org.jspecify.annotations.NullMarked;
