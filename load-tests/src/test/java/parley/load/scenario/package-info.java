@NullMarked
package parley.load.scenario;

import org.jspecify.annotations.NullMarked;
