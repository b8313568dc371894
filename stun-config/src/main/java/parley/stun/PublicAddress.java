package parley.stun;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The address under which a machine behind a one-to-one NAT is seen outside: written down, asked of
 * a STUN server ({@code stun:host:port}), or of the cloud it runs in ({@code cloud:aws}, {@code
 * cloud:google}, {@code cloud:azure}). The cloud's metadata service is asked only where the setting
 * says so.
 */
public final class PublicAddress {

  private static final String STUN = "stun:";
  private static final String CLOUD = "cloud:";
  private static final int STUN_PORT = 3478;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** One token, for one question. */
  private static final String AWS_TOKEN_SECONDS = "60";

  private final URI metadata;

  public PublicAddress() {
    this(URI.create("http://169.254.169.254/"));
  }

  /**
   * @param metadata where clouds answer
   */
  PublicAddress(URI metadata) {
    this.metadata = metadata;
  }

  /**
   * Literal addresses for the entries of a setting, in the same order.
   *
   * @throws IOException with a sentence, if one cannot be found out
   */
  public List<String> resolve(List<String> entries) throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (String entry : entries) {
      if (entry.startsWith(STUN)) {
        found.add(byStun(entry));
      } else if (entry.startsWith(CLOUD)) {
        found.add(byCloud(entry));
      } else {
        found.add(entry);
      }
    }
    return List.copyOf(found);
  }

  private static String byStun(String entry) throws IOException {
    String server = entry.substring(STUN.length());
    int colon = server.lastIndexOf(':');
    boolean hasPort = colon > server.lastIndexOf(']');
    String host = (hasPort ? server.substring(0, colon) : server).replaceAll("[\\[\\]]", "");
    try {
      int port = hasPort ? Integer.parseInt(server.substring(colon + 1)) : STUN_PORT;
      return StunQuery.ask(new InetSocketAddress(host, port)).getAddress().getHostAddress();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          entry
              + " did not tell the public address ("
              + e.getMessage()
              + "); right would be a STUN server that answers, like stun:stun.example.org:3478, or"
              + " the address itself",
          e);
    }
  }

  private String byCloud(String entry) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      String told =
          switch (entry.substring(CLOUD.length())) {
            case "aws" -> aws(http);
            case "google" ->
                get(
                    http,
                    "computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip",
                    "Metadata-Flavor",
                    "Google");
            case "azure" ->
                get(
                    http,
                    "metadata/instance/network/interface/0/ipv4/ipAddress/0/publicIpAddress"
                        + "?api-version=2021-02-01&format=text",
                    "Metadata",
                    "true");
            default -> throw new IOException("there is cloud:aws, cloud:google and cloud:azure");
          };
      return InetAddress.ofLiteral(told.strip()).getHostAddress();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          entry
              + " did not tell the public address ("
              + e.getMessage()
              + "); right would be the address itself",
          e);
    }
  }

  private String aws(HttpClient http) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(metadata.resolve("latest/api/token"))
            .timeout(TIMEOUT)
            .header("X-aws-ec2-metadata-token-ttl-seconds", AWS_TOKEN_SECONDS)
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    String token = send(http, request);
    return get(http, "latest/meta-data/public-ipv4", "X-aws-ec2-metadata-token", token);
  }

  private String get(HttpClient http, String path, String header, String value)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(metadata.resolve(path))
            .timeout(TIMEOUT)
            .header(header, value)
            .build();
    return send(http, request);
  }

  private static String send(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the metadata service answered " + answer.statusCode());
    }
    return answer.body();
  }
}
