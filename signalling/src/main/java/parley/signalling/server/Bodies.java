package parley.signalling.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Chat;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;
import parley.stun.IceServer;

/** What the HTTP API answers, in the chat server's structures; keys are the names in snake_case. */
interface Bodies {

  /** Every answer but {@link Features}. */
  record Envelope(
      boolean ok,
      @JsonInclude(Include.NON_NULL) @Nullable Object result,
      @JsonInclude(Include.NON_NULL) @Nullable ApiError error) {

    static Envelope of(Object result) {
      return new Envelope(true, result, null);
    }

    static Envelope of(ApiError error) {
      return new Envelope(false, null, error);
    }
  }

  record TeamBody(TeamId uid, String name, IconData icons, ContactBody me) {
    static TeamBody of(Team team, Contact me) {
      return new TeamBody(team.uid(), team.name(), team.icons(), ContactBody.of(me, me.jid()));
    }
  }

  /**
   * @param canCall whether the asker can call this contact
   */
  record ContactBody(
      Jid jid,
      String displayName,
      String shortName,
      String role,
      IconData icons,
      String status,
      boolean canCall) {
    static ContactBody of(Contact contact, Jid viewer) {
      return new ContactBody(
          contact.jid(),
          contact.displayName(),
          contact.shortName(),
          contact.role(),
          contact.icons(),
          contact.admin() ? "admin" : "member",
          !contact.jid().equals(viewer));
    }
  }

  /**
   * @param audiorecord whether calls in it are recorded
   */
  record ChatBody(
      Jid jid,
      ChatType chatType,
      String displayName,
      IconData icons,
      boolean canCall,
      int numMembers,
      List<Member> members,
      boolean audiorecord) {
    static ChatBody of(Chat chat) {
      return new ChatBody(
          chat.jid(),
          ChatType.of(chat.jid()),
          chat.displayName(),
          chat.icons(),
          true,
          chat.members().size(),
          chat.members().stream().map(jid -> new Member(jid, "member")).toList(),
          chat.audiorecord());
    }
  }

  record Member(Jid jid, String status) {}

  /**
   * What clients have to know of the installation before they call.
   *
   * @param allowAdminMute in every group, or in some, only admins may mute all others
   */
  record Features(
      boolean calls,
      boolean mobileCalls,
      boolean callsRecord,
      @JsonInclude(Include.NON_DEFAULT) boolean allowAdminMute,
      @JsonInclude(Include.NON_DEFAULT) boolean onlyOneDevicePerCall,
      @JsonInclude(Include.NON_DEFAULT) int maxParticipantsPerCall,
      List<Ice> iceServers,
      int resendTimeout,
      int afkAge) {}

  record Ice(
      String urls,
      @JsonInclude(Include.NON_EMPTY) String username,
      @JsonInclude(Include.NON_EMPTY) String credential) {
    static Ice of(IceServer server) {
      return new Ice(server.urls(), server.username(), server.credential());
    }

    @Override
    public String toString() {
      return "Ice[" + urls + "]";
    }
  }

  /** The people whom a demo page offers to be. */
  record DemoPeople(JsonNode team, List<ContactBody> people) {}

  /**
   * @param token signs the person in without a cookie: two windows of one browser can be two people
   */
  record DemoLogin(String token, TeamBody team) {
    @Override
    public String toString() {
      return "DemoLogin";
    }
  }
}
