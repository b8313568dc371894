/** Who did what with recordings: what is written down, and where it goes. */
@NullMarked
package parley.signalling.audit;

import org.jspecify.annotations.NullMarked;
