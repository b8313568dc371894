package parley.signalling.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/** Server events of every type, made from their records' components: what is new is found too. */
final class RandomEvents {

  /** Records whose jid is always a person's, and components that are. */
  private static final Set<String> PEOPLE =
      Set.of("CallOnliner.jid", "OnlineContact.jid", "ContactShort.jid", "CallTalking.actor");

  /** Texts that the server never leaves empty. */
  private static final Set<String> NEVER_EMPTY = Set.of("Panic.code", "Warning.message");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Random random;

  RandomEvents(Random random) {
    this.random = random;
  }

  /** Every type of event. */
  static List<Class<? extends ServerEvent>> types() {
    List<Class<? extends ServerEvent>> types = new ArrayList<>();
    for (Class<?> type : ServerEvent.class.getPermittedSubclasses()) {
      types.add(type.asSubclass(ServerEvent.class));
    }
    return types;
  }

  <T> T next(Class<T> type) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(type.getSimpleName() + "." + components[i].getName(), components[i]);
    }
    try {
      Class<?>[] signature =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<T> constructor = type.getDeclaredConstructor(signature);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private @Nullable Object value(String name, RecordComponent component) {
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    if (nullable && random.nextBoolean()) {
      return null;
    }
    return value(name, component.getGenericType());
  }

  private Object value(String name, Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      List<Object> values = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        values.add(value(name, list.getActualTypeArguments()[0]));
      }
      return values;
    }
    if (!(type instanceof Class<?> plain)) {
      throw new IllegalStateException("no values are known for " + name + ": " + type);
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
    }
    return switch (plain.getSimpleName()) {
      case "boolean" -> random.nextBoolean();
      case "int" -> name.equals("CallBuzz.buzzTimeout") ? 1 + random.nextInt(99) : number();
      case "long" -> random.nextLong() & Long.MAX_VALUE;
      case "String" -> text(name);
      case "Jid" -> jid(PEOPLE.contains(name) ? 1 : Jid.Kind.values().length);
      case "CallId" -> new CallId(uuid().toString());
      case "TeamId" -> new TeamId(uuid().toString());
      case "IsoTime" ->
          new IsoTime(
              Instant.ofEpochSecond(
                  random.nextLong(LATEST.getEpochSecond()), random.nextInt(1_000_000_000)));
      case "JsonNode" -> JsonNodeFactory.instance.objectNode().put(text("key"), number());
      default -> {
        if (!plain.isRecord()) {
          throw new IllegalStateException("no values are known for " + name + ": " + type);
        }
        yield next(plain);
      }
    };
  }

  private int number() {
    return random.nextBoolean() ? 0 : random.nextInt(Integer.MAX_VALUE);
  }

  private String text(String name) {
    return switch (name) {
      case "Jsep.type" -> "answer";
      case "CallCheckFingerprint.fingerprint" -> "sha-256 0A:BC:" + random.nextInt(10, 99);
      default ->
          NEVER_EMPTY.contains(name) || random.nextBoolean()
              ? "Zoë \"\n\uD83D\uDE00" + random.nextInt()
              : "";
    };
  }

  private Jid jid(int kinds) {
    return new Jid(Jid.Kind.values()[random.nextInt(kinds)], uuid());
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }
}
