/** YAML files read into records: strictly, with every mistake named and what would be right. */
@NullMarked
package parley.signalling.settings;

import org.jspecify.annotations.NullMarked;
