@NullMarked
package parley.signalling.oidc;

import org.jspecify.annotations.NullMarked;
