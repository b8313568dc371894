package parley.signalling.access;

import java.time.Duration;

/**
 * What a token must say to be ours.
 *
 * @param issuer empty: not looked at
 * @param audience empty: not looked at
 * @param skew by how much clocks may differ
 */
public record JwtRules(String issuer, String audience, Duration skew, ClaimNames claims) {}
