/** Who may come in: what a token is worth, by the directory, by signature, or by asking. */
@NullMarked
package parley.signalling.access;

import org.jspecify.annotations.NullMarked;
