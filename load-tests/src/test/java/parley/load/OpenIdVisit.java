package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A visit to the OpenID provider without a browser: follows every redirect itself, so that what
 * comes back can be tampered with.
 */
final class OpenIdVisit implements AutoCloseable {

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final String parley;

  OpenIdVisit(String parley) {
    this.parley = parley;
  }

  /** Where Parley sends somebody who wants to sign in. */
  URI begin() throws IOException, InterruptedException {
    return location(get(URI.create(parley + "/operate/api/oidc/begin")));
  }

  /** Signs in there and agrees to everything; returns where the provider sends him then. */
  URI signIn(URI at, String name) throws IOException, InterruptedException {
    URI login = at.resolve(location(get(at)));
    URI on = at.resolve(location(post(login, Map.of("prompt", "login", "login", name))));
    URI consent = at.resolve(location(get(on)));
    return back(at.resolve(location(post(consent, Map.of("prompt", "consent")))));
  }

  /** Begins there and thinks better of it. */
  URI refuse(URI at) throws IOException, InterruptedException {
    return back(at.resolve(location(get(URI.create(at.resolve(location(get(at))) + "/abort")))));
  }

  private URI back(URI at) throws IOException, InterruptedException {
    return location(get(at));
  }

  HttpResponse<String> get(URI at) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(at).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(URI at, Map<String, String> form)
      throws IOException, InterruptedException {
    String text =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(at)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(text))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  static URI location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.uri() + ": " + answer.body()).isBetween(300, 399);
    return answer.uri().resolve(answer.headers().firstValue("location").orElseThrow());
  }

  @Override
  public void close() {
    http.close();
  }
}
