@NullMarked
package parley.load.model;

import org.jspecify.annotations.NullMarked;
