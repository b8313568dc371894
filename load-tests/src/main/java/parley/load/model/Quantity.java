package parley.load.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the model has to know, and in which unit. Figures and their sources stand in a file. */
enum Quantity {
  // What a node can do.
  PACKET_CPU("µs of CPU, a packet that leaves the relay"),
  JOIN_CPU("µs of CPU, somebody who comes into a call, in the whole process"),
  FORWARD_P50("ms from the sender's socket to the receiver's"),
  FORWARD_P99("ms"),
  SET_UP("ms from the offer to keys, at a node that is alone"),
  MESSAGE_READ("µs of CPU, a message of another node that is read"),
  MESSAGE_WRITTEN("µs of CPU, a message to another node"),
  STATUS_READ("µs of CPU, a sign of life that is read"),
  CLIENT_EVENT("µs of the calls' thread, an event of a client, its share of all that follows"),
  SOCKET_BYTES("bytes of heap, a socket elsewhere that a node knows of"),
  DEVICE_BYTES("bytes of heap, a device in a call elsewhere that a node knows of"),
  PACKET_BYTES("bytes on the wire, a packet with its headers"),
  // What NATS can do.
  NATS_DELIVERY("µs of a NATS server's CPU, a message that is delivered"),
  NATS_NETWORK("bytes a second that a NATS server's network carries"),
  NATS_HOP("ms from one node to another through NATS"),
  LEASE_WRITES("changes a second of one key-value bucket"),
  LEASE_WRITE("ms, one change"),
  // What people do.
  PEOPLE("in a call"),
  TALKERS("of them who send packets at the same time"),
  SOCKETS("connected, for each one in a call"),
  CALL_LENGTH("s that somebody stays in a call"),
  SOCKET_LIFE("s that somebody stays connected"),
  AWAY("times an hour that somebody goes away from the keyboard, or comes back"),
  CHANGES("changes of a call that all nodes are told, for each one who comes into it"),
  SAID("events that a client says in a call"),
  TOLD("events that a client is told in a call"),
  // How it is set up.
  PROCESSORS("of a node"),
  BUSY("of its processors that a node may use, 0 to 1"),
  HEAP("bytes that a node may know of others"),
  NATS_PROCESSORS("of a NATS server"),
  NATS_SERVERS("in a NATS cluster"),
  LEASE("ms; nats.lease_ms"),
  TEAM_NODES("nodes over which a team's people are spread, where each team has its nodes"),
  CELL("nodes of a cell, where nodes are in cells"),
  PROCESSOR_PRICE("€ an hour"),
  TRAFFIC_PRICE("€ a GB that leaves");

  private final String unit;

  Quantity(String unit) {
    this.unit = unit;
  }

  String unit() {
    return unit;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Quantity> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
  }
}
