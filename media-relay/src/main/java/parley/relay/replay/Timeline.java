package parley.relay.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.relay.vault.RecordingReader;

/**
 * Who spoke when, what is missing and why: the {@code call.json} of a recording as lanes, one a
 * device that was in the call. Places are seconds from its beginning.
 *
 * @param call uid
 * @param title of the chat
 * @param began UTC, as in {@code call.json}
 * @param length seconds
 * @param state running, complete, stopped or interrupted
 * @param lanes in the order of joining
 * @param events what else there is to tell: notices, consent, masks
 */
public record Timeline(
    String call,
    String title,
    String began,
    double length,
    String state,
    List<Lane> lanes,
    List<Event> events) {

  /** A day of a thousand people. */
  private static final long MAX_BYTES = 256L * 1024 * 1024;

  private static final String FILE = "call.json";

  /** Why something is missing that nobody can be blamed for: it was not to be recorded. */
  private static final Set<String> NOT_DUE = Set.of("mute", "mask", "silence");

  /** Immutable once built. */
  static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /**
   * One device of one contact.
   *
   * @param track plain name of its file; empty when it has none
   * @param device what it says of itself
   * @param left the end of the recording when it had not left by then
   * @param leftReason null when it had not left
   * @param completeness 0 to 1
   * @param gapsOmitted further gaps that were not written down
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Lane(
      String track,
      String peer,
      String contact,
      String name,
      String device,
      double joined,
      double left,
      @Nullable String leftReason,
      double completeness,
      List<Span> talked,
      List<Span> muted,
      List<Stretch> masked,
      List<Missing> gaps,
      int gapsOmitted) {}

  /** From one place to another. */
  public record Span(double from, double to) {}

  /** Kept out of the recording: why, and by whom. */
  public record Stretch(double from, double to, String why) {}

  /**
   * A gap of a track.
   *
   * @param why loss, mute, mask, overflow, silence, restart, malformed, stopped or crash
   * @param due whether something should be there
   */
  public record Missing(double from, double to, String why, boolean due) {}

  /**
   * A note of the recording.
   *
   * @param contact whom it is about; empty: everybody
   * @param name of that contact, as far as he was in the call
   */
  public record Event(double at, String what, String contact, String name, String text) {}

  /**
   * Reads the time line of a recording; takes no key.
   *
   * @throws IOException with a sentence, when there is none that can be understood
   */
  public static Timeline read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
      throw new IOException("recording " + folder.getFileName() + " has no " + FILE);
    }
    try {
      return of(JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IOException(
          FILE + " of recording " + folder.getFileName() + " cannot be understood", e);
    }
  }

  /** As the HTTP API gives it. */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a time line can be put into words", e);
    }
  }

  private static Timeline of(JsonNode document) {
    Instant began = Instant.parse(document.path("started").asText());
    double length = document.path("duration").asDouble();
    List<Lane> lanes = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (JsonNode participant : document.path("participants")) {
      Lane lane = lane(participant, began, length);
      lanes.add(lane);
      names.putIfAbsent(lane.contact(), lane.name());
    }
    return new Timeline(
        document.path("call").asText(),
        document.path("display_name").asText(),
        document.path("started").asText(),
        length,
        state(document),
        lanes,
        list(document.path("notes"), note -> event(note, names)));
  }

  private static String state(JsonNode document) {
    if (document.path("complete").asBoolean()) {
      return "complete";
    }
    if (document.path("interrupted").asBoolean()) {
      return "interrupted";
    }
    return document.has("stopped") ? "stopped" : "running";
  }

  private static Lane lane(JsonNode participant, Instant began, double length) {
    boolean left = participant.hasNonNull("left");
    return new Lane(
        RecordingReader.plainName(participant.path("file").asText()),
        participant.path("peer").asText(),
        participant.path("contact").asText(),
        participant.path("display_name").asText(),
        participant.path("useragent").asText(),
        place(participant.path("joined"), began),
        left ? Math.min(length, place(participant.path("left"), began)) : length,
        left ? participant.path("left_reason").asText() : null,
        participant.path("completeness").path("score").asDouble(1),
        list(participant.path("talked"), Timeline::span),
        list(participant.path("muted"), Timeline::span),
        list(participant.path("masked"), Timeline::stretch),
        list(participant.path("gaps"), Timeline::missing),
        participant.path("gaps_omitted").asInt());
  }

  private static double place(JsonNode instant, Instant began) {
    if (instant.asText().isEmpty()) {
      return 0; // a crash took what was known of him
    }
    Duration since = Duration.between(began, Instant.parse(instant.asText()));
    return Math.max(0, Math.round(since.toNanos() / 1e6) / 1e3);
  }

  private static Span span(JsonNode span) {
    return new Span(span.path("from").asDouble(), span.path("to").asDouble());
  }

  private static Stretch stretch(JsonNode masked) {
    return new Stretch(
        masked.path("from").asDouble(), masked.path("to").asDouble(), masked.path("why").asText());
  }

  private static Missing missing(JsonNode gap) {
    double at = gap.path("at").asDouble();
    double to = Math.round((at + gap.path("duration").asDouble()) * 1e3) / 1e3;
    String why = gap.path("why").asText();
    return new Missing(at, to, why, !NOT_DUE.contains(why));
  }

  private static Event event(JsonNode note, Map<String, String> names) {
    String contact = note.path("contact").asText();
    return new Event(
        note.path("at").asDouble(),
        note.path("what").asText(),
        contact,
        names.getOrDefault(contact, ""),
        note.path("text").asText());
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
    List<T> list = new ArrayList<>();
    array.forEach(node -> list.add(each.apply(node)));
    return List.copyOf(list);
  }
}
