package parley.stun.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import parley.stun.IceServer;
import parley.stun.StunQuery;
import parley.stun.TurnMessage;

/** Every STUN and TURN server that clients are told of, tried as a client would. */
final class TurnChecks {

  private static final String BLOCKED =
      "Open it in the firewall and forward it in the router, or correct the address in the"
          + " settings.";

  private final Installation installation;

  private final boolean running;

  /**
   * @param running whether Parley is: else its own TURN server cannot be tried
   */
  TurnChecks(Installation installation, boolean running) {
    this.installation = installation;
    this.running = running;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    if (installation.servers().isEmpty()) {
      findings.add(
          Finding.wrong(
              "stun",
              "Clients are told of no STUN server, and a node without media ports is none itself.",
              "Apps that want one refuse to call, so the node does not start.",
              "Name one in ice_servers; a relay's media port answers as one."));
    }
    for (IceServer server : installation.servers()) {
      TurnUri uri = TurnUri.parse(server.urls());
      if (!running && installation.isOwn(uri)) {
        findings.add(
            Finding.skipped(
                (uri.isTurn() ? "turn " : "stun ") + uri,
                "Parley is not running, so its own server " + uri + " cannot be tried."));
      } else if (!isMediaPort(uri)) {
        findings.add(uri.isTurn() ? turn(uri, server) : stun(uri));
      }
      if (uri.transport() == TurnUri.Transport.TLS && uri.isAddress()) {
        findings.add(nameless(uri));
      }
    }
    if (installation.servers().stream().noneMatch(server -> server.urls().startsWith("turn"))) {
      findings.add(
          Finding.warning(
              "turn",
              "Clients are told of no TURN server.",
              "Whoever is in a network that lets no UDP out hears nothing and is not heard.",
              "Set turn.enabled with turn.secrets and a certificate, or name one in"
                  + " ice_servers."));
    } else if (installation.servers().stream().noneMatch(each -> each.urls().startsWith("turns"))) {
      findings.add(
          Finding.warning(
              "turn-tls",
              "No TURN server for TLS is among those that clients are told.",
              "Networks that let out nothing but HTTPS keep their people out of calls.",
              "Set turn.certificate and turn.key, and turn.tls_port to 443."));
    }
    return findings;
  }

  /** Its certificate may be good for the address; the browser does not get as far as that. */
  private Finding nameless(TurnUri uri) {
    boolean own = installation.isOwn(uri);
    return Finding.warning(
        "name " + uri,
        own && installation.ownName().isEmpty()
            ? "Whoever reaches the pages by an address is told " + uri + "; turn.host is empty."
            : "Clients are told " + uri + ", an address instead of a name.",
        "Firefox does not try TLS there: where nothing but TLS gets out, its people are kept out of"
            + " calls.",
        own
            ? "Set turn.host to a name that leads here and stands in the certificate."
            : "Write it in ice_servers by the name that stands in its certificate.");
  }

  /** It is told when there is no other server, and has checks of its own. */
  private boolean isMediaPort(TurnUri uri) {
    return !uri.isTurn()
        && uri.port() == installation.mediaPort()
        && installation.told().stream()
            .anyMatch(address -> address.getHostAddress().equals(uri.host()));
  }

  private static Finding stun(TurnUri uri) {
    String check = "stun " + uri;
    try {
      InetSocketAddress mapped = StunQuery.ask(uri.address());
      return Finding.ok(
          check, uri + " answers; it sees us as " + mapped.getAddress().getHostAddress() + ".");
    } catch (IOException e) {
      return Finding.wrong(
          check,
          uri + " does not answer.",
          "Clients wait for it at the beginning of each call.",
          BLOCKED);
    }
  }

  private Finding turn(TurnUri uri, IceServer server) {
    String check = "turn " + uri;
    try (TurnSession session = TurnSession.open(uri)) {
      InetSocketAddress relayed = session.allocate(server.username(), server.credential());
      return relay(check, uri, session, relayed);
    } catch (TurnSession.Refused e) {
      return refused(check, uri, e.code());
    } catch (SSLException e) {
      return Finding.wrong(
          check,
          uri + " shows a certificate that is not believed (" + reason(e) + ").",
          "Browsers refuse it as well, and say so to nobody.",
          "Use a certificate for "
              + uri.host()
              + " with its whole chain, from an authority that"
              + " browsers know.");
    } catch (SocketTimeoutException | ConnectException | PortUnreachableException e) {
      return Finding.wrong(
          check,
          "%s cannot be reached: %s %d does not answer."
              .formatted(uri, uri.transport(), uri.port()),
          "Clients whose networks let nothing else out are kept out of calls.",
          BLOCKED);
    } catch (IOException e) {
      return Finding.wrong(
          check,
          uri + " cannot be used (" + reason(e) + ").",
          "Clients that need it are kept out of calls.",
          BLOCKED);
    }
  }

  private Finding relay(String check, TurnUri uri, TurnSession session, InetSocketAddress relayed)
      throws IOException {
    String host = relayed.getAddress().getHostAddress();
    InetSocketAddress media = media();
    if (media == null) {
      return Finding.ok(check, uri + " allocates; the relayed address is " + host + ".");
    }
    String target = media.getAddress().getHostAddress() + ":" + media.getPort();
    try {
      session.permit(media);
    } catch (TurnSession.Refused e) {
      return Finding.wrong(
          check,
          "%s allocates, and refuses to relay to the media address %s (error %d)."
              .formatted(uri, media.getAddress().getHostAddress(), e.code()),
          "Everyone who needs TURN joins calls without sound.",
          "Allow that address at the TURN server (coturn: allowed-peer-ip), or set"
              + " media.advertise to a public one.");
    }
    TurnMessage question = new TurnMessage("", "", "").begin(TurnMessage.BINDING, 1);
    byte[] request = java.util.Arrays.copyOf(question.bytes(), question.length());
    byte[] answer = session.exchange(media, request);
    if (answer == null) {
      return Finding.wrong(
          check,
          "%s allocates, but nothing comes back from the media port %s through the relayed address %s."
              .formatted(uri, target, host),
          "Everyone who needs TURN joins calls without sound.",
          "Open UDP %d at the media address for it, and the TURN server's relay ports both ways; correct media.advertise or turn.advertise if the address is wrong."
              .formatted(media.getPort()));
    }
    return Finding.ok(check, "%s relays to the media port %s and back.".formatted(uri, target));
  }

  private @Nullable InetSocketAddress media() {
    if (installation.mediaPort() == 0) {
      return null;
    }
    for (InetAddress address : installation.told()) {
      if (address instanceof Inet4Address) {
        return new InetSocketAddress(address, installation.mediaPort());
      }
    }
    return null;
  }

  private static Finding refused(String check, TurnUri uri, int code) {
    String change =
        switch (code) {
          case 401 ->
              "Let the secret (or user name and credential) of ice_servers be the server's own"
                  + " (coturn: static-auth-secret), and set both clocks.";
          case 486 -> "Raise the server's quota for one user (turn.allocations_per_user).";
          case 508 ->
              "Give the server more relay ports (turn.first_relay_port to last_relay_port).";
          default -> "Look into the TURN server's log.";
        };
    String found =
        switch (code) {
          case 401 -> " refuses the credentials that clients are told (error 401).";
          case 486 -> " says that this user has too many allocations (error 486).";
          case 508 -> " has no relay port left (error 508).";
          default -> " refuses an allocation (error " + code + ").";
        };
    return Finding.wrong(check, uri + found, "Clients that need it are kept out of calls.", change);
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
