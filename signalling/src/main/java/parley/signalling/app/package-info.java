/** The composition root: command line, configuration, and the wiring of one process. */
@NullMarked
package parley.signalling.app;

import org.jspecify.annotations.NullMarked;
