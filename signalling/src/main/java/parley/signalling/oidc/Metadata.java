package parley.signalling.oidc;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider does what (OpenID Connect Discovery §3).
 *
 * @param farewell where people sign out of the provider (RP-Initiated Logout §2.1); null: nowhere
 * @param secretInHeader how it wants the client's secret; else in the form
 * @param namesItself whether every answer says from whom it comes (RFC 9207 §3)
 * @param keys those at {@code keysAt}, read again when they change
 */
record Metadata(
    URI authorization,
    URI token,
    @Nullable URI farewell,
    boolean secretInHeader,
    boolean namesItself,
    URI keysAt,
    JWKSource<SecurityContext> keys) {}
