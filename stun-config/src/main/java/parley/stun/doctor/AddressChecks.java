package parley.stun.doctor;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.stun.StunQuery;

/** Whether clients are told addresses at which the media ports can be reached. */
final class AddressChecks {

  private static final int STUN_PORT = 3478;
  private static final int PATIENCE_MS = 1_500;

  private final Installation installation;

  AddressChecks(Installation installation) {
    this.installation = installation;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    InetAddress seen = seen(findings);
    if (installation.mediaPort() == 0) {
      findings.add(
          Finding.skipped(
              "media-port", "This node has no media port (roles): calls run on others."));
      return findings;
    }
    findings.add(told(seen));
    findings.add(mediaPort());
    findings.add(hairpin());
    return findings;
  }

  /** How a STUN server elsewhere sees us. */
  private @Nullable InetAddress seen(List<Finding> findings) {
    if (installation.stun().isEmpty()) {
      findings.add(
          Finding.skipped(
              "public-address",
              "No STUN server elsewhere is named (--stun), so nobody says how we are seen."));
      return null;
    }
    try {
      int colon = installation.stun().lastIndexOf(':');
      String host = colon < 0 ? installation.stun() : installation.stun().substring(0, colon);
      int port = colon < 0 ? STUN_PORT : Integer.parseInt(installation.stun().substring(colon + 1));
      InetAddress seen = StunQuery.ask(new InetSocketAddress(host, port)).getAddress();
      findings.add(
          Finding.ok(
              "public-address",
              installation.stun() + " sees this machine as " + seen.getHostAddress() + "."));
      return seen;
    } catch (IOException | NumberFormatException e) {
      findings.add(
          Finding.wrong(
              "public-address",
              "The STUN server " + installation.stun() + " cannot be asked (" + reason(e) + ").",
              "UDP that does not get out from here does not carry calls either.",
              "Let UDP out in the firewall, or name a STUN server that answers."));
      return null;
    }
  }

  /** The JDK's exceptions do not always say what happened. */
  private static String reason(Exception e) {
    return e.getMessage() == null ? "no answer" : e.getMessage();
  }

  private Finding told(@Nullable InetAddress seen) {
    String check = "advertised-address";
    List<InetAddress> told =
        installation.told().stream()
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .toList();
    String list = told.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    if (told.isEmpty()) {
      return Finding.warning(
          check,
          "Clients are told no IPv4 address but this machine's own loopback.",
          "Nobody on another machine hears anything.",
          "Name this machine's address in media.addresses, or its public one in media.advertise.");
    }
    if (seen != null && !told.contains(seen)) {
      return told.stream().allMatch(AddressChecks::isPrivate)
          ? Finding.wrong(
              check,
              "Clients are told the private address %s, while this machine is seen as %s."
                  .formatted(list, seen.getHostAddress()),
              "Calls of people outside of this network stay silent and drop after half a minute.",
              "Set media.advertise (and turn.advertise) to " + seen.getHostAddress() + ".")
          : Finding.wrong(
              check,
              "Clients are told %s, while this machine is seen as %s."
                  .formatted(list, seen.getHostAddress()),
              "Clients send their audio to a machine that is not this one.",
              "Set media.advertise (and turn.advertise) to " + seen.getHostAddress() + ".");
    }
    if (seen == null && told.stream().allMatch(AddressChecks::isPrivate)) {
      return Finding.warning(
          check,
          "Clients are told only the private address " + list + ".",
          "People outside of this network cannot reach it: behind Docker or a NAT, calls stay"
              + " silent.",
          "Set media.advertise to the public address, unless all clients are in this network.");
    }
    return Finding.ok(check, "Clients are told " + list + ".");
  }

  /** RFC 1918, RFC 6598 and link-local. */
  private static boolean isPrivate(InetAddress address) {
    byte[] ip = address.getAddress();
    return address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || (ip[0] == 100 && (ip[1] & 0xC0) == 64);
  }

  private Finding mediaPort() {
    String check = "media-port";
    int port = installation.mediaPort();
    for (InetAddress address : installation.bound()) {
      try {
        StunQuery.ask(new InetSocketAddress(address, port));
      } catch (IOException e) {
        return Finding.wrong(
            check,
            "UDP port %d at %s is not answered as a media port answers: another process has it, or a firewall of this machine is before it."
                .formatted(port, address.getHostAddress()),
            "No call gets any sound.",
            "Find who has it with ss -ulnp, and end that one or change media.port.");
      }
    }
    return Finding.ok(check, "The media port %d answers at each address.".formatted(port));
  }

  private Finding hairpin() {
    String check = "hairpin";
    List<InetAddress> outside =
        installation.advertised().stream()
            .filter(address -> !installation.bound().contains(address))
            .filter(Inet4Address.class::isInstance)
            .toList();
    if (outside.isEmpty()) {
      return Finding.ok(check, "Clients are told addresses that this machine has: no NAT between.");
    }
    for (InetAddress address : outside) {
      if (!answers(new InetSocketAddress(address, installation.mediaPort()))) {
        return Finding.warning(
            check,
            "From here, the media port does not answer at the advertised address %s."
                .formatted(address.getHostAddress()),
            "People in this network who are told that address hear nothing, unless the router"
                + " leads them back (hairpin NAT); and if nobody outside reaches it either, nobody"
                + " does.",
            "Forward UDP %d (one for each media loop) at the router, switch hairpin NAT on, or advertise the inner address as well."
                .formatted(installation.mediaPort()));
      }
    }
    return Finding.ok(check, "The advertised address leads back here from inside.");
  }

  private static boolean answers(InetSocketAddress server) {
    byte[] request = new byte[20];
    request[1] = 1;
    request[4] = 0x21;
    request[5] = 0x12;
    request[6] = (byte) 0xA4;
    request[7] = 0x42;
    Arrays.fill(request, 8, 20, (byte) 7);
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MS / 3);
      var answer = new DatagramPacket(new byte[1500], 1500);
      for (int i = 0; i < 3; i++) {
        socket.send(new DatagramPacket(request, request.length, server));
        try {
          socket.receive(answer);
          return true;
        } catch (SocketTimeoutException e) {
          // once more
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
