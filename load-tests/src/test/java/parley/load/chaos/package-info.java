@NullMarked
package parley.load.chaos;

import org.jspecify.annotations.NullMarked;
