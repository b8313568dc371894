/** A bad network between a client and the relay, made on purpose and repeatable. */
@NullMarked
package parley.load.impair;

import org.jspecify.annotations.NullMarked;
