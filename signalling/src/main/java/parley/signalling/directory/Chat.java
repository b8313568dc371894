package parley.signalling.directory;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;

/**
 * A group or a task.
 *
 * @param audiorecord whether its calls are recorded
 * @param members jids of contacts
 * @param everyoneCalls whether every member may begin a call; else only admins, and all may join
 * @param everyoneMutes whether every member may mute all others; else only admins
 * @param recording name of the policy by which its calls are recorded; empty: the team's
 */
public record Chat(
    Jid jid,
    String displayName,
    Icon icon,
    boolean audiorecord,
    SequencedSet<Jid> members,
    boolean everyoneCalls,
    boolean everyoneMutes,
    String recording) {

  /** Recorded as the team says. */
  public Chat(
      Jid jid,
      String displayName,
      Icon icon,
      boolean audiorecord,
      SequencedSet<Jid> members,
      boolean everyoneCalls,
      boolean everyoneMutes) {
    this(jid, displayName, icon, audiorecord, members, everyoneCalls, everyoneMutes, "");
  }

  public Chat {
    members = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(members));
  }

  /** Where clients find the icon. */
  public IconData icons() {
    return IconUrls.data(icon, jid.toString());
  }

  /** In few words. */
  public ChatShort toShort() {
    return new ChatShort(jid, ChatType.of(jid), displayName, icons());
  }
}
