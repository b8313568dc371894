/** Asking other servers over HTTP, within bounds. */
@NullMarked
package parley.signalling.callback;

import org.jspecify.annotations.NullMarked;
