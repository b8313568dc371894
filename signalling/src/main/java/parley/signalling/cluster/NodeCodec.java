package parley.signalling.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.Serial;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.signalling.call.SessionId;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * What nodes say, in and out of JSON. Nodes believe each other, and yet nothing throws past here: a
 * newer one may say what this one does not know.
 */
public final class NodeCodec {

  /** A state of a call of ten thousand is 3 MB; NATS by default carries 1 MB. */
  private static final int MAX_CHARS = 8 << 20;

  private final JsonMapper mapper = make();

  private static JsonMapper make() {
    JsonMapper mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_CHARS)
                            .maxStringLength(MAX_CHARS)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addModule(new JavaTimeModule())
            .addModule(new RelayJson())
            .addModule(
                new SimpleModule()
                    .addSerializer(CallId.class, ToStringSerializer.instance)
                    .addSerializer(SessionId.class, ToStringSerializer.instance)
                    .addSerializer(PeerId.class, ToStringSerializer.instance)
                    .addDeserializer(PeerId.class, new Text<>(PeerId.class, PeerId::new))
                    .addDeserializer(CallId.class, new Text<>(CallId.class, CallId::new))
                    .addDeserializer(SessionId.class, new Text<>(SessionId.class, SessionId::new))
                    .addDeserializer(TeamId.class, new Text<>(TeamId.class, TeamId::new))
                    .addDeserializer(Jid.class, new Text<>(Jid.class, Jid::of))
                    .addDeserializer(
                        IsoTime.class,
                        new Text<>(IsoTime.class, text -> new IsoTime(Instant.parse(text)))))
            .build();
    // Lists that are left out when they are empty.
    mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    return mapper;
  }

  /** A type that is written as one text. */
  private static final class Text<T> extends FromStringDeserializer<T> {
    @Serial private static final long serialVersionUID = 1;
    private final transient Function<String, T> reader;

    Text(Class<T> type, Function<String, T> reader) {
      super(type);
      this.reader = reader;
    }

    @Override
    protected T _deserialize(String value, DeserializationContext context) throws IOException {
      return reader.apply(value);
    }
  }

  /** The events that calls tell; those about a session never cross. */
  private static final Map<String, Class<? extends ServerEvent>> EVENTS =
      Map.ofEntries(
          Map.entry("server.call.answer", ServerEvent.CallAnswer.class),
          Map.entry("server.call.buzz", ServerEvent.CallBuzz.class),
          Map.entry("server.call.buzzcancel", ServerEvent.CallBuzzCancel.class),
          Map.entry("server.call.leave", ServerEvent.CallLeave.class),
          Map.entry("server.call.reject", ServerEvent.CallReject.class),
          Map.entry("server.call.restart", ServerEvent.CallRestart.class),
          Map.entry("server.call.sound", ServerEvent.CallSound.class),
          Map.entry("server.call.muteall", ServerEvent.CallMuteAll.class),
          Map.entry("server.call.state", ServerEvent.CallState.class),
          Map.entry("server.call.talking", ServerEvent.CallTalking.class),
          Map.entry("server.call.checkfingerprint", ServerEvent.CallCheckFingerprint.class),
          Map.entry("server.debug", ServerEvent.Debug.class),
          Map.entry("server.warning", ServerEvent.Warning.class));

  /** Any of our own structures as text. */
  public String write(Object structure) {
    try {
      return mapper.writeValueAsString(structure);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own structures are always JSON", e);
    }
  }

  /** A message within a frame. */
  public JsonNode tree(NodeMessage message) {
    return mapper.valueToTree(message);
  }

  /** An event's params as they are told to clients. */
  public JsonNode tree(ServerEvent event) {
    return mapper.valueToTree(event);
  }

  /** Reads a structure; empty when it is none. */
  public <T> Optional<T> read(String text, Class<T> type) {
    try (JsonParser parser = mapper.createParser(text)) {
      return Optional.ofNullable(parser.readValueAs(type));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Reads a message; empty when this node does not know its kind. */
  public Optional<NodeMessage> message(JsonNode tree) {
    return convert(tree, NodeMessage.class);
  }

  /** Reads an event of a call; empty when this node does not know it. */
  public Optional<ServerEvent> event(String name, JsonNode params) {
    Class<? extends ServerEvent> type = EVENTS.get(name);
    return type == null ? Optional.empty() : convert(params, type).map(Function.identity());
  }

  private <T> Optional<T> convert(JsonNode tree, Class<T> type) {
    try {
      return Optional.ofNullable(mapper.treeToValue(tree, type));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
