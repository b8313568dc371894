package parley.signalling.access;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import parley.signalling.callback.CallbackClient;

/** An issuer's JWK Set at its {@code jwks_uri} (RFC 8414 §2). */
record KeyUrl(URI url, CallbackClient client) implements KeySource {

  private static final int OK = 200;

  @Override
  public List<JWK> read() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url).header("Accept", "application/json").GET().build();
    CallbackClient.Answer answer = client.send(request);
    if (answer.status() != OK) {
      throw new IOException(url + " answers with status " + answer.status());
    }
    // A secret that everyone can fetch proves nothing.
    List<JWK> keys =
        KeyText.parse(new String(answer.body(), StandardCharsets.UTF_8), url.toString()).stream()
            .filter(key -> !KeyText.isSecret(key))
            .toList();
    if (keys.isEmpty()) {
      throw new IOException(url + " has no public key");
    }
    return keys;
  }
}
