/** Small networks on one machine: hosts, NATs and walls between them. */
@NullMarked
package parley.load.lab;

import org.jspecify.annotations.NullMarked;
