package parley.signalling.directory;

import java.util.List;
import parley.signalling.settings.Setting;

/** A directory file as it is written: the keys and what they mean. */
record DirectoryFile(@Setting("The teams") List<TeamEntry> teams) {

  record TeamEntry(
      @Setting("UUID; the last part of the WebSocket's address") String uid,
      @Setting("What people call the team") String name,
      @Setting("Whether calls between two people are recorded") boolean recordDirectCalls,
      @Setting(
              value = "Who may mute all others in a call; everyone when left out",
              oneOf = {"everyone", "admins"},
              optional = true)
          String muteAll,
      @Setting(value = "Background of the team's icon, #rrggbb", optional = true) String color,
      @Setting(value = "Address of a picture; letters on a colour when left out", optional = true)
          String icon,
      @Setting(
              value =
                  "Policy by which calls in chats are recorded that name none: off, optional,"
                      + " required_before, required_during, or one of recording.rules.policies",
              optional = true)
          String recording,
      @Setting(
              value =
                  "Policy by which calls between two people are recorded; as recording says when"
                      + " left out",
              optional = true)
          String recordingDirect,
      @Setting("The people") List<ContactEntry> contacts,
      @Setting("Groups and tasks") List<ChatEntry> chats) {}

  record ContactEntry(
      @Setting("d- and a UUID") String jid,
      @Setting("Full name") String displayName,
      @Setting(
              value = "What colleagues say; the first word of the full name when left out",
              optional = true)
          String shortName,
      @Setting(value = "Role in the team", optional = true) String role,
      @Setting(value = "One or two letters for the icon; initials when left out", optional = true)
          String letters,
      @Setting(value = "Background of the icon, #rrggbb", optional = true) String color,
      @Setting(value = "Address of a picture; letters on a colour when left out", optional = true)
          String icon,
      @Setting("Whether the contact is an admin of the team") boolean admin,
      @Setting(value = "What the contact signs in with", secret = true) List<String> tokens) {
    @Override
    public String toString() {
      return "ContactEntry[" + jid + "]";
    }
  }

  record ChatEntry(
      @Setting("g- or t- and a UUID") String jid,
      @Setting("Title") String displayName,
      @Setting(value = "One or two letters for the icon; initials when left out", optional = true)
          String letters,
      @Setting(value = "Background of the icon, #rrggbb", optional = true) String color,
      @Setting(value = "Address of a picture; letters on a colour when left out", optional = true)
          String icon,
      @Setting("Whether calls in it are recorded") boolean audiorecord,
      @Setting("Jids of the members; everyone in the team when left out") List<String> members,
      @Setting(
              value = "Who may begin a call; everyone when left out",
              oneOf = {"everyone", "admins"},
              optional = true)
          String mayCall,
      @Setting(
              value = "Who may mute all others in a call; as the team says when left out",
              oneOf = {"everyone", "admins"},
              optional = true)
          String muteAll,
      @Setting(
              value =
                  "Policy by which its calls are recorded: off, optional, required_before,"
                      + " required_during, or one of recording.rules.policies; as the team says"
                      + " when left out",
              optional = true)
          String recording) {}
}
