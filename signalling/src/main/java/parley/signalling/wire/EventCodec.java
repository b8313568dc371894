package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Events in and out of JSON. What clients send is hostile: nothing of it throws past here. */
public final class EventCodec {

  /** An offer with fifty receiving sections is 80 KB; more is a flood. */
  public static final int MAX_FRAME_BYTES = 256 * 1024;

  /** A candidate line is 200 characters; long foundations and extensions come on top. */
  static final int MAX_CANDIDATE_CHARS = 4096;

  /** A reason is a sentence for a human; a mid is a token. */
  static final int MAX_TEXT_CHARS = 1024;

  /** Clients use UUIDs or shorter; it is kept and echoed. */
  static final int MAX_CONFIRM_ID_CHARS = 128;

  /** Whoever wants to ring more names nobody, and rings all. */
  static final int MAX_MEMBERS = 1000;

  /** So much of what a stranger wrote goes into a sentence about it. */
  private static final int MAX_QUOTED_CHARS = 128;

  private final JsonMapper mapper = WireMapper.create();

  private record Envelope(
      String event,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String confirmId,
      ServerEvent params) {}

  /**
   * Encodes an event that needs no confirmation.
   *
   * @return a text frame
   */
  public String encode(ServerEvent event) {
    return encode(event, null);
  }

  /**
   * Encodes an event.
   *
   * @param confirmId what the client shall confirm it with; null: nothing
   * @return a text frame
   */
  public String encode(ServerEvent event, @Nullable String confirmId) {
    try {
      return mapper.writeValueAsString(new Envelope(event.name(), confirmId, event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot encode " + event.name(), e);
    }
  }

  /** Decodes a binary frame, which is UTF-8 JSON just as well; never throws. */
  public Decoded decode(byte[] utf8) {
    if (utf8.length > MAX_FRAME_BYTES) {
      return tooLarge();
    }
    try {
      return decode(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      return new Decoded.Rejected("malformed frame: not UTF-8", null, null);
    }
  }

  /** Decodes a text frame; never throws. */
  public Decoded decode(String text) {
    if (text.length() > MAX_FRAME_BYTES) {
      return tooLarge();
    }
    JsonNode orig;
    try {
      orig = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      String why = "malformed JSON: " + quoted(e.getOriginalMessage());
      return new Decoded.Rejected(why, null, null);
    }
    if (!orig.isObject()) {
      return new Decoded.Rejected("malformed event: expected a JSON object", null, null);
    }
    return decode(orig);
  }

  private static Decoded decode(JsonNode orig) {
    Params envelope = new Params(orig);
    String confirmId = null;
    try {
      String id = envelope.text("confirm_id", MAX_CONFIRM_ID_CHARS);
      confirmId = id.isEmpty() ? null : id;
      String name = envelope.text("event", EventCodec.MAX_FRAME_BYTES);
      JsonNode params = orig.path("params");
      if (!params.isObject() && !params.isMissingNode() && !params.isNull()) {
        throw new WrongParam("params: expected an object");
      }
      return new Decoded.Accepted(event(name, new Params(params)), confirmId, orig);
    } catch (WrongParam e) {
      return new Decoded.Rejected(String.valueOf(e.getMessage()), confirmId, orig);
    }
  }

  private static ClientEvent event(String name, Params in) throws WrongParam {
    return switch (name) {
      case "client.call.offer" ->
          new ClientEvent.CallOffer(
              in.jid("jid"), in.flag("muted"), in.flag("trickle"), in.text("sdp", MAX_FRAME_BYTES));
      case "client.call.trickle" ->
          new ClientEvent.CallTrickle(
              in.jid("jid"),
              in.text("candidate", MAX_CANDIDATE_CHARS),
              in.text("sdp_mid", MAX_TEXT_CHARS),
              in.integer("sdp_mline_index"));
      case "client.call.buzz" ->
          new ClientEvent.CallBuzz(in.jid("jid"), in.jids("members", MAX_MEMBERS));
      case "client.call.buzzcancel" -> new ClientEvent.CallBuzzCancel(in.jid("jid"));
      case "client.call.leave" ->
          new ClientEvent.CallLeave(in.jid("jid"), in.text("reason", MAX_TEXT_CHARS));
      case "client.call.reject" ->
          new ClientEvent.CallReject(in.jid("jid"), in.text("reason", MAX_TEXT_CHARS));
      case "client.call.sound" -> new ClientEvent.CallSound(in.jid("jid"), in.flag("muted"));
      case "client.call.muteall" -> new ClientEvent.CallMuteAll(in.jid("jid"));
      case "client.activity" -> new ClientEvent.Activity(in.flag("afk"));
      case "client.confirm" -> new ClientEvent.Confirm(in.text("confirm_id", MAX_CONFIRM_ID_CHARS));
      case "client.ping" -> new ClientEvent.Ping();
      case "" -> throw new WrongParam("event: missing");
      default -> throw new WrongParam("unknown event: " + quoted(name));
    };
  }

  private static Decoded tooLarge() {
    String why = "frame larger than " + MAX_FRAME_BYTES + " bytes";
    return new Decoded.Rejected(why, null, null);
  }

  private static String quoted(String text) {
    return text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + "…";
  }
}
