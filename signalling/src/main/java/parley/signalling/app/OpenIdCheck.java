package parley.signalling.app;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.signalling.oidc.OidcFailure;
import parley.signalling.oidc.OidcProvider;
import parley.signalling.oidc.OidcSettings;
import parley.stun.doctor.Finding;

/** Whether operators can sign in with the OpenID provider. */
final class OpenIdCheck {

  private static final String CHECK = "openid";

  /** An HTTP date is in whole seconds, and the answer was on the way. */
  private static final Duration COARSE = Duration.ofSeconds(2);

  private static final String NOBODY =
      "Operators cannot sign in with it; those with a token still can.";

  private OpenIdCheck() {}

  /**
   * @param settings null: nobody signs in so, and nothing is found
   */
  static List<Finding> findings(@Nullable OidcSettings settings) throws InterruptedException {
    if (settings == null) {
      return List.of();
    }
    try (var provider = new OidcProvider(settings)) {
      OidcProvider.Examined found = provider.examine();
      return List.of(
          found.keys() == 0
              ? new Finding(
                  CHECK,
                  Finding.Verdict.WRONG,
                  settings.issuer() + " publishes no keys.",
                  NOBODY,
                  "Have the provider sign ID tokens with RSA or an elliptic curve.")
              : clock(settings, found.date(), Instant.now()));
    } catch (OidcFailure e) {
      String sentence = String.valueOf(e.getMessage());
      return List.of(
          new Finding(
              CHECK,
              Finding.Verdict.WRONG,
              sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1) + ".",
              NOBODY,
              "Correct operate.oidc.issuer, or let this machine reach it."));
    }
  }

  /** ID tokens say in its time from when and until when they hold. */
  static Finding clock(OidcSettings settings, @Nullable Instant theirs, Instant ours) {
    String names = settings.issuer() + " answers, and is the issuer of the settings";
    if (theirs == null) {
      return new Finding(CHECK, Finding.Verdict.OK, names + ".", "", "");
    }
    Duration ahead = Duration.between(ours, theirs);
    if (ahead.abs().compareTo(settings.skew().plus(COARSE)) <= 0) {
      return new Finding(
          CHECK, Finding.Verdict.OK, names + "; its clock and this one's agree.", "", "");
    }
    return new Finding(
        CHECK,
        Finding.Verdict.WRONG,
        "%s, but its clock is %d s %s this one's."
            .formatted(names, ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
        "What it says of people is taken for too old or not yet true. " + NOBODY,
        "Let chrony or systemd-timesyncd set both; operate.oidc.clock_skew_s bears some seconds.");
  }
}
