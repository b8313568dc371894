package parley.relay.net;

import parley.relay.turn.ClientLink;
import parley.relay.turn.RelaySocket;

/** A UDP socket of the TURN server: the one that clients send to, or a relayed address. */
interface TurnPort extends ClientLink, RelaySocket {

  /** All clients' audio of half a second, as for a media loop. */
  int LISTEN_BUFFER_BYTES = UdpPort.SOCKET_BUFFER_BYTES;

  /** One client's: a second of video, should he send any. */
  int RELAY_BUFFER_BYTES = 256 * 1024;
}
