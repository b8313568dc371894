package parley.relay.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy;

/**
 * {@code call.json}: who was in a recorded call, when, and what of it is on the tracks. Instants
 * are UTC with six digits; places on the tracks are seconds from {@link #started}.
 *
 * @param version of this layout
 * @param node name of the machine that recorded it; empty when it has none
 * @param complete whether the recording was closed properly
 * @param ended null while it runs
 * @param stopped why it ended before the call did; null otherwise
 * @param eventsLost joins, mutes and the like that could not be taken over
 * @param completeness of all participants together
 * @param notes masks, notices, consent and the like, in the order they happened
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CallDocument(
    int version,
    String call,
    String team,
    String chat,
    String displayName,
    String node,
    boolean complete,
    String created,
    String started,
    @Nullable String ended,
    double duration,
    @Nullable String stopped,
    Clocks clocks,
    int eventsLost,
    Policy policy,
    Completeness completeness,
    List<Participant> participants,
    List<Note> notes) {

  static final String FILE = "call.json";

  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** Given to whoever writes or mends a {@code call.json}; immutable once built. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * Which clocks the times come from: UTC is read once at the start, everything after is counted by
   * the monotonic clock.
   *
   * @param apartMs by how much the system clock was ahead of the other at the end: it drifted, or
   *     was set
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Clocks(
      String utc,
      String time,
      String startedUtc,
      long startedMonotonicNs,
      @Nullable String endedUtc,
      @Nullable Long endedMonotonicNs,
      @Nullable Double apartMs) {}

  /**
   * One device of one contact, and its track.
   *
   * @param file empty when the participant joined after the recording had stopped
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Participant(
      String peer,
      String contact,
      String displayName,
      String useragent,
      String file,
      String joined,
      @Nullable String left,
      @Nullable String leftReason,
      List<Span> muted,
      List<Masked> masked,
      List<Span> talked,
      long packets,
      long lost,
      long late,
      long duplicates,
      long malformed,
      long strays,
      long overflowed,
      double clockInserted,
      double clockRemoved,
      int gapsOmitted,
      Completeness completeness,
      List<Missing> gaps,
      @Nullable Codec codec) {}

  record Span(double from, double to) {}

  /** Kept out of the recording: why, and by whom. */
  record Masked(double from, double to, String why) {}

  /**
   * Something to be told beside the tracks.
   *
   * @param contact whom it is about; empty: everybody
   * @param peer the device, where it is about one
   */
  record Note(
      double at,
      String what,
      String contact,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String peer,
      String text,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> figures) {}

  /** How the call was to be recorded when this recording began. */
  record Policy(
      String name,
      String version,
      String mode,
      int graceS,
      boolean notice,
      String consent,
      String maySwitch,
      String mayMask,
      String retention,
      int retentionDays,
      boolean legalHold) {

    static Policy of(RecordingPolicy policy) {
      return new Policy(
          policy.name(),
          policy.version(),
          policy.mode().word(),
          policy.graceS(),
          policy.notice(),
          policy.consent().word(),
          policy.maySwitch().word(),
          policy.mayMask().word(),
          policy.retention(),
          policy.retentionDays(),
          policy.legalHold());
    }
  }

  record Missing(double at, double duration, String why) {}

  /** What the participant's packets were; they are on the track as they came. */
  record Codec(String name, int sampleRate, boolean stereo, String bandwidth, double packetMs) {}

  static String iso(Instant instant) {
    return ISO.format(instant);
  }

  /** Seconds with three digits. */
  static double seconds(long samples) {
    return Math.round(samples / 48.0) / 1000.0;
  }

  static Missing missing(Gap gap) {
    return new Missing(seconds(gap.from()), seconds(gap.to() - gap.from()), gap.why().word());
  }

  static Masked masked(Withheld.Stretch mask) {
    return new Masked(seconds(mask.from()), seconds(mask.to()), mask.reason());
  }

  static Note note(long at, RecordingNote note) {
    return new Note(
        seconds(at),
        note.what(),
        note.contact(),
        note.peer(),
        note.text(),
        new TreeMap<>(note.figures()));
  }

  static Span span(long[] interval) {
    return new Span(seconds(interval[0]), seconds(interval[1]));
  }

  byte[] toBytes() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("call.json cannot be put into words", e);
    }
  }
}
