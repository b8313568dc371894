/** Whether this process does its work: live, ready, degraded, and why. */
@NullMarked
package parley.signalling.health;

import org.jspecify.annotations.NullMarked;
