/** {@code ./parley soak}: hours of churn, and whether anything grows. */
@NullMarked
package parley.load.soak;

import org.jspecify.annotations.NullMarked;
