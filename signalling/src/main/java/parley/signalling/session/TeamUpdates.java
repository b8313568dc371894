package parley.signalling.session;

import java.util.List;
import java.util.Set;
import parley.relay.api.RecordingPolicy;
import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallPlace;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/** Lets sessions and calls follow a team that has changed. Owned by the {@link CallLoop}. */
final class TeamUpdates {
  private final Sessions sessions;
  private final FarSessions far;
  private final Calls calls;
  private final ChangedTeams changed;
  private final Floor floor;
  private final SessionSettings settings;

  TeamUpdates(
      Sessions sessions,
      FarSessions far,
      Calls calls,
      ChangedTeams changed,
      Floor floor,
      SessionSettings settings) {
    this.far = far;
    this.settings = settings;
    this.sessions = sessions;
    this.calls = calls;
    this.changed = changed;
    this.floor = floor;
  }

  /**
   * Who is not in the team any more goes; who is not in a chat any more goes from its call.
   * Recording follows the chat, too, but only when it is that which has changed: a call's own wish
   * stays otherwise.
   */
  void on(Team team, long nowNs) {
    Team was = changed.add(team);
    for (ClientSession session : sessions.ofTeam(team.uid())) {
      Contact contact = team.contact(session.contact());
      if (contact == null) {
        session.expel(new ServerEvent.Panic("INVALID_TEAM", ""));
      } else {
        session.update(team, contact.person());
      }
    }
    for (Call call : calls.of(team.uid())) {
      Set<Jid> before = calls.members(call);
      Set<Jid> now = team.membersOf(call.place());
      if (!now.equals(before)) {
        calls.members(call, now);
        floor.handIn(call, new CallInput.MembersChanged(now), nowNs);
        tellNewMembers(call, before, now, nowNs);
      }
      if (was != null && !call.finished()) {
        follow(call, was, team, nowNs);
      }
    }
  }

  private void follow(Call call, Team was, Team now, long nowNs) {
    CallPlace place = call.place();
    RecordingPolicy before = settings.recordingAt(was, place);
    RecordingPolicy next = settings.recordingAt(now, place);
    if (!before.equals(next)) {
      floor.handIn(call, new CallInput.RecordingRuled(next), nowNs);
    }
  }

  private void tellNewMembers(Call call, Set<Jid> before, Set<Jid> now, long nowNs) {
    for (Jid contact : now) {
      if (!before.contains(contact)) {
        for (ClientSession session : List.copyOf(sessions.of(Calls.team(call), contact))) {
          floor.handIn(call, new CallInput.SessionOpened(contact, session.id()), nowNs);
        }
        for (FarSessions.Far session : List.copyOf(far.of(Calls.team(call), contact))) {
          floor.handIn(call, new CallInput.SessionOpened(contact, session.id()), nowNs);
        }
      }
    }
  }
}
