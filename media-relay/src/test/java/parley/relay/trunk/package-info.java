@NullMarked
package parley.relay.trunk;

import org.jspecify.annotations.NullMarked;
