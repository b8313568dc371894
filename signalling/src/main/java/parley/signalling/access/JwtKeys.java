package parley.signalling.access;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.callback.CallbackClient;

/**
 * Where the keys of signed tokens come from; all that are given count.
 *
 * @param secret for HS256; empty: none
 * @param file with a JWK Set or public keys in PEM
 * @param url of an issuer's JWK Set
 * @param refresh how often file and URL are read again
 */
public record JwtKeys(String secret, @Nullable Path file, @Nullable URI url, Duration refresh) {

  /** RFC 7518 §3.2: a shorter one can be guessed from a single token. */
  public static final int MIN_SECRET_BYTES = 32;

  /**
   * @throws IOException with a sentence, when the file cannot be used: it is this machine's
   */
  List<KeyRing> rings(CallbackClient client) throws IOException {
    List<KeyRing> rings = new ArrayList<>();
    if (!secret.isEmpty()) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      var key = new OctetSequenceKey.Builder(bytes).build();
      rings.add(new KeyRing(() -> List.of(key), refresh, System::nanoTime));
    }
    if (file != null) {
      var source = new KeyFile(file);
      source.read();
      rings.add(new KeyRing(source, refresh, System::nanoTime));
    }
    if (url != null) {
      rings.add(new KeyRing(new KeyUrl(url, client), refresh, System::nanoTime));
    }
    return rings;
  }

  @Override
  public String toString() {
    return "JwtKeys[" + file + ", " + url + "]";
  }
}
