/** What a load run or a soak gave, as one page for people. */
@NullMarked
package parley.load.report;

import org.jspecify.annotations.NullMarked;
