/** Which calls there were, which of them had to be recorded, and whether they are. */
@NullMarked
package parley.relay.reconcile;

import org.jspecify.annotations.NullMarked;
