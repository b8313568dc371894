/** What recording costs, beside not recording and beside another server's recorder. */
@NullMarked
package parley.load.bench.record;

import org.jspecify.annotations.NullMarked;
