/** The bus on a NATS server: the only place that knows its client library. */
@NullMarked
package parley.signalling.cluster.nats;

import org.jspecify.annotations.NullMarked;
