package parley.signalling.servers;

import java.util.List;
import parley.signalling.audit.AccessLog;

/**
 * What the HTTP API for servers is made of.
 *
 * @param tokens of those who may use it; none: there is no such API
 * @param accesses where is written down what they do with recordings
 * @param examination of this node
 */
public record Services(ServiceTokens tokens, AccessLog accesses, Examination examination) {

  /** No API. */
  public static Services none() {
    return new Services(new ServiceTokens(List.of()), access -> {}, new Examination(List::of));
  }

  public boolean isEmpty() {
    return tokens.isEmpty();
  }
}
