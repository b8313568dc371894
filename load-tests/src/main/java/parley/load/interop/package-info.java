/** The interop matrix: clients that know nothing of Parley but the protocol call each other. */
@NullMarked
package parley.load.interop;

import org.jspecify.annotations.NullMarked;
