/** Proof that a recording is what the relay wrote: seals, the key that signs them, the verifier. */
@NullMarked
package parley.relay.evidence;

import org.jspecify.annotations.NullMarked;
