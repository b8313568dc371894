package parley.signalling.session;

import parley.signalling.call.Device;
import parley.signalling.call.Person;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;

/** Who says something about a call, whichever node holds his socket. */
record Caller(Team team, Person person, Device device) {
  Jid contact() {
    return person.jid();
  }

  SessionId session() {
    return device.session();
  }
}
