package parley.signalling.cluster.nats;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How NATS is reached.
 *
 * @param urls {@code nats://host:4222}, or {@code tls://…}; any of them will do
 * @param name by which NATS knows this node
 * @param bucket the key-value bucket that all nodes of this installation share
 * @param replicas on how many servers of a NATS cluster the bucket is kept
 * @param credentials file with a JWT and its seed ({@code .creds}); empty: none
 * @param seed an NKey's seed; empty: none
 * @param tls trust for {@code tls://} other than the JVM's; empty: the JVM's
 */
public record NatsSettings(
    List<String> urls,
    String name,
    String bucket,
    int replicas,
    String credentials,
    String seed,
    Optional<SSLContext> tls) {

  public NatsSettings {
    urls = List.copyOf(urls);
  }

  @Override
  public String toString() {
    return "NatsSettings[" + urls + ", " + bucket + "]";
  }
}
