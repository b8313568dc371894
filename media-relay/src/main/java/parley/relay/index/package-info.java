/**
 * Where recordings are found: a row each in a database. All of it can be made anew from what is on
 * disk, which alone counts.
 */
@NullMarked
package parley.relay.index;

import org.jspecify.annotations.NullMarked;
