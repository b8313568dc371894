/** What a closed recording is good for: seen on a time line, heard as one, and handed over. */
@NullMarked
package parley.relay.replay;

import org.jspecify.annotations.NullMarked;
