/** What a load is made of: scenario files, and those that Parley brings with it. */
@NullMarked
package parley.load.scenario;

import org.jspecify.annotations.NullMarked;
