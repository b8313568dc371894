package parley.signalling.oidc;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a provider knows us, and what its claims make of somebody.
 *
 * @param issuer as it stands in its ID tokens
 * @param clientSecret empty: a public client, which PKCE alone protects
 * @param scopes asked for beside {@code openid}
 * @param nameClaim by which the audit log names him; without it, {@code sub}
 * @param rolesClaim a list of words or one, dots go into objects, as in {@code realm_access.roles}
 * @param farewell whether who signs out here signs out there, too
 * @param skew by how much clocks may differ
 */
public record OidcSettings(
    URI issuer,
    String clientId,
    String clientSecret,
    List<String> scopes,
    String nameClaim,
    String rolesClaim,
    Set<String> viewRoles,
    Set<String> actRoles,
    boolean farewell,
    Duration skew) {

  public OidcSettings {
    scopes = List.copyOf(scopes);
    viewRoles = Set.copyOf(viewRoles);
    actRoles = Set.copyOf(actRoles);
  }

  @Override
  public String toString() {
    return "OidcSettings[" + issuer + ", " + clientId + "]";
  }
}
