package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.IceCandidate;

/**
 * What the server says. A record's components are the event's {@code params}, in the protocol's
 * names and order. {@code jid} is always the chat as the event's recipient sees it.
 *
 * <pre>
 * about a call:    CallAnswer CallBuzz CallBuzzCancel CallLeave CallReject CallRestart CallSound CallMuteAll
 *                  CallState CallTalking CallCheckFingerprint
 * about a session: Confirm Debug Login Online Panic Time Warning
 * </pre>
 */
public sealed interface ServerEvent {

  /** The name on the wire: {@code server.call.answer}. */
  String name();

  /** Whether the client has to confirm it, and it is sent again until it does. */
  default boolean mustArrive() {
    return false;
  }

  /**
   * The relay's answer to an offer.
   *
   * @param onliners who is in the call
   * @param candidates the relay's, once more, for a client that does not trickle
   */
  record CallAnswer(
      Jid jid,
      CallId uid,
      Jsep jsep,
      @JsonInclude(Include.NON_EMPTY) List<CallOnliner> onliners,
      @JsonInclude(Include.NON_EMPTY) List<Candidate> candidates)
      implements ServerEvent {
    public CallAnswer {
      onliners = List.copyOf(onliners);
      candidates = List.copyOf(candidates);
    }

    @Override
    public String name() {
      return "server.call.answer";
    }

    @Override
    public boolean mustArrive() {
      return true;
    }
  }

  /** A session description (RFC 8829 §5.3). */
  record Jsep(String type, String sdp) {
    /** An answer. */
    public static Jsep answer(String sdp) {
      return new Jsep("answer", sdp);
    }

    @Override
    public String toString() {
      return "Jsep[" + type + "]"; // the SDP holds secrets
    }
  }

  /** An ICE candidate of the relay. */
  record Candidate(String candidate, @JsonProperty("sdpMLineIndex") int sdpMlineIndex) {
    /** As the relay named it. */
    public static Candidate of(IceCandidate candidate) {
      return new Candidate(candidate.candidate(), candidate.mlineIndex());
    }
  }

  /**
   * The recipient is rung.
   *
   * @param icons of the chat, as the recipient sees it
   * @param displayName of the chat, as the recipient sees it
   * @param actor who rings
   * @param buzzTimeout seconds after which it will stop by itself
   * @param team {@code teaminfo.uid} once more
   */
  record CallBuzz(
      Jid jid,
      @Nullable IconData icons,
      String displayName,
      TeamShort teaminfo,
      ChatShort chat,
      ContactShort actor,
      CallId uid,
      int buzzTimeout,
      TeamId team)
      implements ServerEvent {
    @Override
    public String name() {
      return "server.call.buzz";
    }

    @Override
    public boolean mustArrive() {
      return true;
    }
  }

  /** The recipient is no longer rung: answered or declined elsewhere, given up, timed out. */
  record CallBuzzCancel(Jid jid, TeamId team, CallId uid) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.buzzcancel";
    }
  }

  /**
   * Somebody left. When {@code jid} is the call's own, it is the recipient's device; in a group, a
   * contact's jid names the participant who left.
   */
  record CallLeave(Jid jid, CallId uid) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.leave";
    }
  }

  /**
   * Whom the recipient rang declined.
   *
   * @param reason empty when none was given
   */
  record CallReject(Jid jid, CallId uid, String reason) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.reject";
    }
  }

  /** The relay lost the call: the client must offer again, the uid stays. */
  record CallRestart(Jid jid, CallId uid, TeamId team) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.restart";
    }

    @Override
    public boolean mustArrive() {
      return true;
    }
  }

  /** What the relay now does with the recipient's own microphone. */
  record CallSound(Jid jid, boolean muted) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.sound";
    }
  }

  /** Somebody muted the recipient's device, with everyone else's. */
  record CallMuteAll(Jid jid, boolean muted) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.muteall";
    }
  }

  /**
   * The call as it is now.
   *
   * @param buzz a direct call rings and has not begun
   * @param audiorecord whether it is being recorded right now
   * @param gentime version: Unix nanoseconds, growing with every event of this call
   * @param timestamp {@code gentime} once more, for clients of old
   */
  record CallState(
      Jid jid,
      CallId uid,
      @JsonInclude(Include.NON_DEFAULT) boolean buzz,
      IsoTime created,
      @JsonInclude(Include.NON_NULL) @Nullable IsoTime start,
      @JsonInclude(Include.NON_NULL) @Nullable IsoTime finish,
      boolean audiorecord,
      @JsonInclude(Include.NON_EMPTY) List<CallOnliner> onliners,
      long gentime,
      long timestamp)
      implements ServerEvent {
    public CallState {
      onliners = List.copyOf(onliners);
    }

    @Override
    public String name() {
      return "server.call.state";
    }
  }

  /** A participant began or ceased to talk. */
  record CallTalking(Jid jid, Jid actor, boolean talking) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.talking";
    }
  }

  /**
   * Which certificate the relay saw from the recipient's device.
   *
   * @param fingerprint {@code sha-256 AB:CD:…} (RFC 8122)
   */
  record CallCheckFingerprint(String fingerprint) implements ServerEvent {
    @Override
    public String name() {
      return "server.call.checkfingerprint";
    }
  }

  /** The client's event with this confirm_id has arrived. */
  record Confirm(String confirmId) implements ServerEvent {
    @Override
    public String name() {
      return "server.confirm";
    }
  }

  /**
   * Something that no other event has a field for, for whoever looks for a fault: why the server
   * put the recipient's device out of a call.
   */
  record Debug(String text) implements ServerEvent {
    @Override
    public String name() {
      return "server.debug";
    }
  }

  /** Another session of the recipient's contact began. */
  record Login(String deviceName) implements ServerEvent {
    @Override
    public String name() {
      return "server.login";
    }
  }

  /** Who is online, and which calls run in the recipient's chats. */
  record Online(List<OnlineContact> contacts, List<OnlineCall> calls) implements ServerEvent {
    public Online {
      contacts = List.copyOf(contacts);
      calls = List.copyOf(calls);
    }

    @Override
    public String name() {
      return "server.online";
    }
  }

  /** The session cannot go on; the socket is closed next. */
  record Panic(String code, @JsonInclude(Include.NON_EMPTY) String debug) implements ServerEvent {
    @Override
    public String name() {
      return "server.panic";
    }
  }

  /** The server's clock. */
  record Time(IsoTime time) implements ServerEvent {
    @Override
    public String name() {
      return "server.time";
    }
  }

  /**
   * A client's event could not be acted upon.
   *
   * @param orig the event; null when it was no object
   */
  record Warning(String message, @Nullable JsonNode orig) implements ServerEvent {
    @Override
    public String name() {
      return "server.warning";
    }

    /** A warning about a call's event, without the SDP it may have carried. */
    public static Warning about(ClientEvent.OfCall event, String message) {
      var orig = JsonNodeFactory.instance.objectNode();
      orig.put("event", event.name());
      orig.putObject("params").put("jid", event.jid().toString());
      return new Warning(message, orig);
    }

    @Override
    public String toString() {
      return "Warning[" + message + "]"; // orig may hold SDP
    }
  }
}
