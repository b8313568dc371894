package parley.relay.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The relay's settings, validated where they were read.
 *
 * @param addresses local addresses to bind, literal IPv4 or IPv6; empty: every address of every
 *     interface that is up, loopback and link-local IPv6 left out unless nothing else is there
 * @param loopback whether to bind and advertise 127.0.0.1 (and ::1) as well: browsers on the same
 *     machine may have nothing else
 * @param advertise addresses to show to clients instead of those bound, for a node behind a
 *     one-to-one NAT; empty: those bound
 * @param basePort UDP port of the first media loop; loop i has {@code basePort + i}; 0: any free
 *     ones
 * @param loops number of media loops; 0: one a processor
 * @param loudest how many speakers of a call are forwarded at the same time
 * @param consentTimeout a peer from which no authenticated STUN check came for so long has lost
 *     consent and is let go (RFC 7675)
 * @param handshakes how many DTLS handshakes may run at the same time; more wait their turn
 * @param recordings folder that holds one folder a recorded call
 * @param tuning what media loops take of the machine
 */
public record RelayConfig(
    List<String> addresses,
    boolean loopback,
    List<String> advertise,
    int basePort,
    int loops,
    int loudest,
    Duration consentTimeout,
    int handshakes,
    Path recordings,
    LoopTuning tuning) {

  public RelayConfig {
    addresses = List.copyOf(addresses);
    advertise = List.copyOf(advertise);
  }

  /** On a machine that does other things as well. */
  public RelayConfig(
      List<String> addresses,
      boolean loopback,
      List<String> advertise,
      int basePort,
      int loops,
      int loudest,
      Duration consentTimeout,
      int handshakes,
      Path recordings) {
    this(
        addresses,
        loopback,
        advertise,
        basePort,
        loops,
        loudest,
        consentTimeout,
        handshakes,
        recordings,
        LoopTuning.NONE);
  }

  public RelayConfig with(LoopTuning other) {
    return new RelayConfig(
        addresses,
        loopback,
        advertise,
        basePort,
        loops,
        loudest,
        consentTimeout,
        handshakes,
        recordings,
        other);
  }

  public RelayConfig withAdvertise(List<String> other) {
    return new RelayConfig(
        addresses,
        loopback,
        other,
        basePort,
        loops,
        loudest,
        consentTimeout,
        handshakes,
        recordings,
        tuning);
  }
}
