package parley.relay.turn;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Whose an allocation is (RFC 8656 §3.2): the link stands for the server's address and the
 * protocol. Not a record, so that one probe serves every look-up.
 */
final class FiveTuple {

  private ClientLink link;
  private InetSocketAddress client;

  FiveTuple(ClientLink link, InetSocketAddress client) {
    this.link = link;
    this.client = client;
  }

  /** Only for a probe that is in no table. */
  FiveTuple set(ClientLink newLink, InetSocketAddress newClient) {
    link = newLink;
    client = newClient;
    return this;
  }

  boolean is(ClientLink otherLink, InetSocketAddress otherClient) {
    return link.equals(otherLink) && client.equals(otherClient);
  }

  ClientLink link() {
    return link;
  }

  InetSocketAddress client() {
    return client;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FiveTuple that
        && link.equals(that.link)
        && Objects.equals(client, that.client); // at once if it is the same object, as mostly
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hashCode(link) + client.hashCode();
  }
}
