/** Which STUN, TURN and media addresses clients are told to use. */
@NullMarked
package parley.stun;

import org.jspecify.annotations.NullMarked;
