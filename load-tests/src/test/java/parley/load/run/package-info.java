@NullMarked
package parley.load.run;

import org.jspecify.annotations.NullMarked;
