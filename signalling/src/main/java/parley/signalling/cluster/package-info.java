/**
 * Several nodes that are one server: how they speak, who lives, who owns which call. Knows neither
 * sessions nor sockets; those of several nodes meet in {@code session}.
 */
@NullMarked
package parley.signalling.cluster;

import org.jspecify.annotations.NullMarked;
