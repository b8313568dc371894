/** Where closed recordings go besides the local disk: object storage that speaks S3. */
@NullMarked
package parley.relay.store;

import org.jspecify.annotations.NullMarked;
