package parley.load.bench.media;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Comparator;
import java.util.stream.Stream;

/** The IPv4 address of this machine at which servers and clients meet. */
public final class LocalAddress {

  private LocalAddress() {}

  /** One that is no loopback address, for there are servers that refuse those, or 127.0.0.1. */
  public static String find() throws IOException {
    try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
      return interfaces
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .min(Comparator.comparing(InetAddress::isLoopbackAddress))
          .map(InetAddress::getHostAddress)
          .orElse("127.0.0.1");
    }
  }
}
