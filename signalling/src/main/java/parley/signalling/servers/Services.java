package parley.signalling.servers;

import java.util.List;
import parley.signalling.audit.AccessLog;

/**
 * What the HTTP API for servers is made of.
 *
 * @param tokens of those who may use it; none: there is no such API
 * @param accesses where is written down what they do with recordings
 */
public record Services(ServiceTokens tokens, AccessLog accesses) {

  /** No API. */
  public static Services none() {
    return new Services(new ServiceTokens(List.of()), access -> {});
  }

  public boolean isEmpty() {
    return tokens.isEmpty();
  }
}
