/** The servers under test, each behind a small adapter, and the floor below them all. */
@NullMarked
package parley.load.bench.server;

import org.jspecify.annotations.NullMarked;
