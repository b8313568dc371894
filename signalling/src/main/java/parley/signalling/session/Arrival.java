package parley.signalling.session;

import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;

/**
 * Somebody who has signed in.
 *
 * @param contact a contact of the team
 * @param device what the client said of itself
 * @param base scheme, host and port by which the client reached this server, without a slash at the
 *     end
 * @param reach what this client hears from us
 */
public record Arrival(Team team, Jid contact, Device device, String base, Link link, Reach reach) {
  public SessionId session() {
    return device.session();
  }
}
