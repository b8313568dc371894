package parley.signalling.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import parley.signalling.settings.Setting;
import parley.signalling.webhook.RetryTimes;
import parley.signalling.webhook.WebhookEndpoint;
import parley.signalling.webhook.WebhookSecret;
import parley.signalling.webhook.WebhookType;
import parley.signalling.webhook.Webhooks;
import parley.signalling.wire.TeamId;

/** Which servers are told of calls. */
record WebhooksConfig(
    @Setting("Folder for events that wait; a relative one starts at the working directory")
        String directory,
    @Setting(value = "How long a receiver may take to answer", min = 100, max = 120_000)
        int timeoutMs,
    @Setting(value = "Longest pause between two attempts", min = 1, max = 86_400) int longestPauseS,
    @Setting(
            value = "An event that could not be delivered for so many hours is dropped",
            min = 1,
            max = 720)
        int giveUpAfterH,
    @Setting(value = "About how much may wait, in MiB; what comes then is dropped", min = 1)
        int maxMib,
    @Setting("Where events are sent to, after the Standard Webhooks convention")
        List<Endpoint> endpoints) {

  /** The convention's first pause is five seconds; a phone that shall ring cannot wait for that. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  record Endpoint(
      @Setting("Letters, digits, - and _; what waits is kept under this name") String name,
      @Setting("http:// or https://") String url,
      @Setting(
              value = "whsec_ and 24 to 64 bytes in base64; two while receivers change from one",
              secret = true)
          List<String> secrets,
      @Setting("Types of events; empty: all") List<String> events,
      @Setting("Uids of teams; empty: all") List<String> teams) {
    Endpoint {
      of(name, url, secrets, events, teams); // refuses what is wrong, with a sentence
    }

    private static WebhookEndpoint of(
        String name, String url, List<String> secrets, List<String> events, List<String> teams) {
      Set<WebhookType> types = new HashSet<>();
      for (String event : events) {
        WebhookType type = WebhookType.tryParse(event);
        if (type == null) {
          throw new IllegalArgumentException(
              "\"" + event + "\" is no event; right would be " + WebhookType.names());
        }
        types.add(type);
      }
      Set<TeamId> uids = teams.stream().map(TeamId::of).collect(Collectors.toSet());
      try {
        return new WebhookEndpoint(
            name, new URI(url), secrets.stream().map(WebhookSecret::of).toList(), types, uids);
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException(
            "url is \"" + url + "\"; right would be like https://chat.example/parley-events", e);
      }
    }

    @Override
    public String toString() {
      return "Endpoint[" + name + "]";
    }
  }

  WebhooksConfig {
    Set<String> names = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (!names.add(endpoint.name())) {
        throw new IllegalArgumentException(
            "two endpoints are called " + endpoint.name() + "; right would be a name for each");
      }
    }
  }

  static WebhooksConfig defaults() {
    return new WebhooksConfig("webhooks", 15_000, 300, 72, 256, List.of());
  }

  Webhooks.Settings settings() {
    return new Webhooks.Settings(
        Path.of(directory).toAbsolutePath().normalize(),
        (long) maxMib << 20,
        new RetryTimes(
            Duration.ofMillis(timeoutMs),
            FIRST_PAUSE,
            Duration.ofSeconds(longestPauseS),
            Duration.ofHours(giveUpAfterH)),
        endpoints.stream()
            .map(each -> Endpoint.of(each.name, each.url, each.secrets, each.events, each.teams))
            .toList());
  }
}
