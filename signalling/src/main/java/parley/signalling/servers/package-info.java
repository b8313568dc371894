/** The HTTP API for servers: start, end, look at and steer a team's calls. */
@NullMarked
package parley.signalling.servers;

import org.jspecify.annotations.NullMarked;
