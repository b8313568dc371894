/** Two real browsers behind one interface, driven by their own debugging protocols. */
@NullMarked
package parley.load.browser;

import org.jspecify.annotations.NullMarked;
