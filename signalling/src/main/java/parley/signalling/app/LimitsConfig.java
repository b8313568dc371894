package parley.signalling.app;

import java.util.List;
import parley.signalling.server.AddressRange;
import parley.signalling.server.LimitSettings;
import parley.signalling.settings.Setting;

/** How much is taken from whom, as it is set. */
record LimitsConfig(
    @Setting(value = "HTTP requests a minute from one client address; 0: no limit", max = 1_000_000)
        int addressPerMinute,
    @Setting(value = "HTTP requests a minute with one token; 0: no limit", max = 1_000_000)
        int tokenPerMinute,
    @Setting(
            value =
                "Wrong tokens a minute from one client address, after which none from there is"
                    + " looked at that was not right lately; 0: no limit",
            max = 1_000_000)
        int wrongTokensPerMinute,
    @Setting(
            "Proxies that are believed when they tell whose request they pass on, in"
                + " X-Forwarded-For, like 10.0.0.0/8")
        List<String> trustedProxies) {

  LimitsConfig {
    trustedProxies.forEach(AddressRange::parse); // refuses what is wrong, with a sentence
  }

  static LimitsConfig defaults() {
    LimitSettings usual = LimitSettings.defaults();
    return new LimitsConfig(
        usual.addressPerMinute(),
        usual.tokenPerMinute(),
        usual.wrongTokensPerMinute(),
        List.of("127.0.0.0/8", "::1"));
  }

  LimitSettings settings() {
    return new LimitSettings(
        addressPerMinute,
        tokenPerMinute,
        wrongTokensPerMinute,
        trustedProxies.stream().map(AddressRange::parse).toList());
  }
}
