/** What can be done with closed recordings: look, prove, hold, keep, delete. */
@NullMarked
package parley.relay.archive;

import org.jspecify.annotations.NullMarked;
