package parley.signalling.oidc;

/**
 * What somebody's browser brings back from a provider, or pretends to (RFC 6749 §4.1.2, RFC 9207
 * §2); what it does not bring is empty.
 *
 * @param issuer the parameter iss: which provider says so
 */
public record Returned(String state, String code, String error, String issuer) {

  @Override
  public String toString() {
    return "Returned";
  }
}
