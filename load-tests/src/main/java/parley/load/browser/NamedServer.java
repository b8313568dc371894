package parley.load.browser;

import java.nio.file.Path;

/**
 * A server that a browser is to find by name. Firefox asks nothing of a TURN server on TLS that has
 * no name, and has it prove who it is even where it may take any certificate from pages.
 *
 * @param name as it stands in the certificate
 * @param address the only one in the browser's world
 * @param authority PEM file with the certificate of who signed the server's
 */
public record NamedServer(String name, String address, Path authority) {

  /** RFC 3986 §3.2.2: IPv6 in brackets. */
  String addressInUrl() {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
