package parley.signalling.access;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.util.List;

/** Where keys come from that signatures are checked with. */
interface KeySource {

  /**
   * Reads all of them anew; may block.
   *
   * @throws IOException with a sentence
   */
  List<JWK> read() throws IOException, InterruptedException;
}
