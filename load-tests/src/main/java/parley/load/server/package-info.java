/** Parley itself as a child process, as a user would start it. */
@NullMarked
package parley.load.server;

import org.jspecify.annotations.NullMarked;
