@NullMarked
package parley.load.soak;

import org.jspecify.annotations.NullMarked;
