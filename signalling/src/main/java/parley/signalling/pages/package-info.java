/** What pages that people sign in to have in common, whatever they are about. */
@NullMarked
package parley.signalling.pages;

import org.jspecify.annotations.NullMarked;
