/** Signing in with an OpenID provider: what is asked of it, and what it says of somebody. */
@NullMarked
package parley.signalling.oidc;

import org.jspecify.annotations.NullMarked;
