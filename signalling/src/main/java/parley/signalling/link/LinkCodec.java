package parley.signalling.link;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import parley.relay.api.CallId;
import parley.signalling.link.LinkMessage.Acknowledged;
import parley.signalling.link.LinkMessage.Answer;
import parley.signalling.link.LinkMessage.Calls;
import parley.signalling.link.LinkMessage.Closed;
import parley.signalling.link.LinkMessage.Event;
import parley.signalling.link.LinkMessage.FromChat;
import parley.signalling.link.LinkMessage.Hello;
import parley.signalling.link.LinkMessage.Invalid;
import parley.signalling.link.LinkMessage.Opened;
import parley.signalling.link.LinkMessage.Refused;
import parley.signalling.link.LinkMessage.Send;
import parley.signalling.link.LinkMessage.Unreadable;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.Params;
import parley.signalling.wire.TeamId;
import parley.signalling.wire.WireMapper;
import parley.signalling.wire.WrongParam;

/**
 * A link's messages in and out of JSON. What comes in may be anything: nothing throws past here.
 */
final class LinkCodec {

  /** A client's largest frame, each of its characters escaped, and the rest of the message. */
  static final int MAX_MESSAGE_CHARS = 2 << 20;

  /** Names that chat servers give: UUIDs and the like. */
  static final int MAX_NAME_CHARS = 128;

  /** Shown to the other participants; no honest one is longer. */
  private static final int SHOWN_USERAGENT_CHARS = 256;

  private static final int MAX_USERAGENT_CHARS = 4096;

  /** A device is in one call, or in few while it changes. */
  static final int MAX_CALLS = 16;

  private static final int MAX_BASE_CHARS = 256;

  /** Deeper than any message; more is a flood. */
  private static final int MAX_DEPTH = 8;

  /** What so ends could not end a JSON string either, into which it is put. */
  private static final Pattern BASE = Pattern.compile("https?://[A-Za-z0-9._:\\[\\]-]{1,250}");

  private static final Pattern UUID =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  private final JsonMapper in;
  private final JsonMapper out = WireMapper.create();

  LinkCodec() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(40)
                    .maxStringLength(MAX_MESSAGE_CHARS)
                    .maxNameLength(MAX_NAME_CHARS)
                    .maxDocumentLength(MAX_MESSAGE_CHARS)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    in = JsonMapper.builder(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  }

  /** Reads what a chat server sent. */
  FromChat decode(String text) {
    if (text.length() > MAX_MESSAGE_CHARS) {
      return new Unreadable("larger than " + MAX_MESSAGE_CHARS + " characters");
    }
    JsonNode json;
    try {
      json = in.readTree(text);
    } catch (JsonProcessingException e) {
      return new Unreadable("not JSON, or nested too deeply");
    }
    if (!json.isObject()) {
      return new Unreadable("expected a JSON object");
    }
    var params = new Params(json);
    try {
      String type = params.text("type", MAX_NAME_CHARS);
      return switch (type) {
        case "hello" -> hello(params);
        case "ack" -> new Acknowledged(number(params));
        default -> numbered(type, number(params), params);
      };
    } catch (WrongParam e) {
      return new Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** Its number counts even when there is nothing else to it, so that all after it have theirs. */
  private static FromChat numbered(String type, long seq, Params params) {
    String session = "";
    try {
      session = params.text("session", MAX_NAME_CHARS);
      if (session.isEmpty()) {
        throw new WrongParam("session: missing");
      }
      return switch (type) {
        case "opened" -> opened(seq, session, params);
        case "event" -> event(seq, session, params);
        case "closed" -> new Closed(seq, session);
        default -> throw new WrongParam("type: expected hello, opened, event, closed or ack");
      };
    } catch (WrongParam e) {
      return new Invalid(seq, session, String.valueOf(e.getMessage()));
    }
  }

  private static long number(Params params) throws WrongParam {
    long seq = params.count("seq");
    if (seq == 0) {
      throw new WrongParam("seq: expected a number from 1");
    }
    return seq;
  }

  private static Hello hello(Params params) throws WrongParam {
    String base = params.text("base", MAX_BASE_CHARS);
    if (!base.isEmpty() && !BASE.matcher(base).matches()) {
      throw new WrongParam("base: expected like https://calls.example, without a path");
    }
    return new Hello(
        params.text("instance", MAX_NAME_CHARS),
        params.text("stream", MAX_NAME_CHARS),
        params.count("received"),
        base);
  }

  private static Opened opened(long seq, String session, Params params) throws WrongParam {
    List<HeldCall> calls = new ArrayList<>();
    for (Params call : params.objects("calls", MAX_CALLS)) {
      calls.add(new HeldCall(call.jid("jid"), new CallId(uuid(call, "uid"))));
    }
    Jid contact = params.jid("contact");
    if (!contact.isContact()) {
      throw new WrongParam("contact: expected a contact's jid, d- followed by a UUID");
    }
    return new Opened(
        seq,
        session,
        new TeamId(uuid(params, "team")),
        contact,
        shown(params.text("useragent", MAX_USERAGENT_CHARS)),
        params.text("device", MAX_NAME_CHARS),
        calls);
  }

  private static String shown(String useragent) {
    return useragent.substring(0, Math.min(useragent.length(), SHOWN_USERAGENT_CHARS));
  }

  private static String uuid(Params params, String name) throws WrongParam {
    String text = params.text(name, MAX_NAME_CHARS);
    if (!UUID.matcher(text).matches()) {
      throw new WrongParam(name + ": expected a UUID");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static Event event(long seq, String session, Params params) throws WrongParam {
    String frame = params.text("frame", EventCodec.MAX_FRAME_BYTES);
    if (frame.isEmpty()) {
      throw new WrongParam("frame: missing");
    }
    return new Event(seq, session, frame);
  }

  /**
   * Begins the answer to a hello.
   *
   * @param received how far the chat server's messages have come in
   * @param reason why the stream could not be resumed; empty: it was, or none was asked for
   */
  String welcome(String stream, boolean resumed, long received, String reason) {
    ObjectNode welcome = message("welcome");
    welcome.put("stream", stream).put("resumed", resumed).put("received", received);
    if (!reason.isEmpty()) {
      welcome.put("reason", reason);
    }
    return text(welcome);
  }

  /** The chat server's messages up to this one have been dealt with. */
  String acknowledgement(long seq) {
    return text(message("ack").put("seq", seq));
  }

  String encode(long seq, Answer answer) {
    return text(
        switch (answer) {
          case Send send -> toSessions("send", seq, send.sessions()).put("frame", send.frame());
          case Calls calls ->
              toSessions("calls", seq, calls.sessions())
                  .set("calls", out.valueToTree(calls.calls()));
          case Refused refused ->
              message("refused")
                  .put("seq", seq)
                  .put("session", refused.session())
                  .put("code", refused.code().name())
                  .put("message", refused.message());
        });
  }

  private ObjectNode toSessions(String type, long seq, List<String> sessions) {
    ObjectNode message = message(type).put("seq", seq);
    ArrayNode names = message.putArray("sessions");
    sessions.forEach(names::add);
    return message;
  }

  private ObjectNode message(String type) {
    return out.createObjectNode().put("type", type);
  }

  private String text(JsonNode message) {
    try {
      return out.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own nodes are always JSON", e);
    }
  }
}
