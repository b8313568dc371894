package parley.relay.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.evidence.SealRecovery;

/**
 * The {@code call.json} of a recording whose process died, made anew: who was there and what is
 * missing from the {@link Journal}, how far the tracks go from the tracks, and when the process
 * died from the marker. The counters are as old as the last description.
 */
final class InterruptedCall {

  private static final Logger log = LoggerFactory.getLogger(InterruptedCall.class);

  /** A participant as the journal tells of him. */
  private static final class Told {
    final GapLedger gaps = new GapLedger();
    final List<long[]> talks = new ArrayList<>();
    ObjectNode who = CallDocument.JSON.createObjectNode();
    long joined;
    long left = -1;
    String leftReason = "";
    long talkingSince = -1;
    long hole = -1;
  }

  private final Path folder;
  private final ObjectNode document;
  private final Map<Integer, Told> tracks = new TreeMap<>();
  private final ArrayNode notes = CallDocument.JSON.createArrayNode();

  private InterruptedCall(Path folder, ObjectNode document) {
    this.folder = folder;
    this.document = document;
  }

  /** Writes it anew, and returns it. */
  static ObjectNode rebuild(Path folder, SealRecovery seal) throws IOException {
    ObjectNode document = read(folder);
    if (!document.has("call") && !seal.call().isEmpty()) {
      document.put("call", seal.call()).put("started", seal.started());
    }
    var call = new InterruptedCall(folder, document);
    for (JsonNode line : Journal.read(folder)) {
      call.onLine(line);
    }
    call.describe();
    AtomicFile.write(
        folder.resolve(CallDocument.FILE), CallDocument.JSON.writeValueAsBytes(document));
    return document;
  }

  /** As it is; empty when there is none. */
  static ObjectNode read(Path folder) {
    try {
      JsonNode node =
          CallDocument.JSON.readTree(Files.readAllBytes(folder.resolve(CallDocument.FILE)));
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      log.debug("recording {} has no description", folder.getFileName(), e);
    }
    return CallDocument.JSON.createObjectNode().put("version", 1);
  }

  private void onLine(JsonNode line) {
    if (line.path(1).asText().equals("note")) {
      notes.add(line.path(3));
      return;
    }
    Told told = tracks.computeIfAbsent(line.path(0).asInt(), number -> new Told());
    long at = line.path(2).asLong();
    switch (line.path(1).asText()) {
      case "joined" -> {
        told.joined = at;
        told.who = line.path(3) instanceof ObjectNode who ? who : told.who;
      }
      case "left" -> {
        told.left = at;
        told.leftReason = line.path(3).asText();
      }
      case "muted" -> told.gaps.muted(true, at);
      case "unmuted" -> told.gaps.muted(false, at);
      case "masked" -> told.gaps.masked(true, at, line.path(3).asText());
      case "unmasked" -> told.gaps.masked(false, at, "");
      case "talks" -> told.talkingSince = at;
      case "quiet" -> {
        told.talks.add(new long[] {told.talkingSince, at});
        told.talkingSince = -1;
      }
      case "hole" -> told.hole = at;
      case "filled" -> told.hole = -1;
      case "gap" -> {
        told.hole = -1;
        long to = line.path(3).asLong();
        Gap.Why.of(line.path(4).asText()).ifPresent(why -> told.gaps.restore(at, to, why));
      }
      default -> {} // what a later version writes
    }
  }

  private void describe() throws IOException {
    Map<Integer, Long> ends = new TreeMap<>();
    long end = RecordingFolder.lastAlive(folder);
    for (Map.Entry<Integer, Told> track : tracks.entrySet()) {
      long written = written(track.getValue().who.path("file").asText(""));
      ends.put(track.getKey(), written);
      end = Math.max(end, written);
    }
    if (tracks.isEmpty()) {
      end = Math.max(end, longestTrack());
    }
    boolean stopped = document.has("stopped");
    ArrayNode participants = document.withArray("participants");
    List<Completeness> all = new ArrayList<>();
    for (Map.Entry<Integer, Told> track : tracks.entrySet()) {
      while (participants.size() < track.getKey()) {
        participants.addObject();
      }
      if (participants.get(track.getKey() - 1) instanceof ObjectNode participant) {
        long written = ends.getOrDefault(track.getKey(), 0L);
        all.add(describe(participant, track.getValue(), written, end, stopped));
      }
    }
    if (!notes.isEmpty()) {
      document.set("notes", notes);
    }
    document.put("complete", false);
    document.put("interrupted", true);
    document.put("counters_until", document.path("duration").asDouble());
    document.put("duration", CallDocument.seconds(end));
    document.set("completeness", CallDocument.JSON.valueToTree(Completeness.of(all)));
    putInstant(document, "ended", end);
  }

  private void putInstant(ObjectNode into, String name, long place) {
    try {
      Instant started = Instant.parse(document.path("started").asText(""));
      into.put(name, CallDocument.iso(started.plusNanos(place * 1_000_000 / 48)));
    } catch (DateTimeException e) {
      log.debug("recording {} has no start", folder.getFileName());
    }
  }

  /**
   * @param written how far the track goes
   * @param end when the process died
   */
  private Completeness describe(
      ObjectNode participant, Told told, long written, long end, boolean stopped) {
    long left = told.left >= 0 ? told.left : end;
    if (told.left < 0) { // else all he said was written before it was written that he left
      long known = Math.max(written, told.joined);
      told.gaps.clip(known);
      if (told.hole >= 0) {
        told.gaps.missing(told.hole, Math.min(known, left), Gap.Why.SILENCE);
      }
      told.gaps.missing(known, left, stopped ? Gap.Why.STOPPED : Gap.Why.CRASH);
    }
    Completeness completeness = Completeness.of(left - told.joined, told.gaps);
    if (told.talkingSince >= 0) {
      told.talks.add(new long[] {told.talkingSince, Math.max(told.talkingSince, left)});
    }
    participant.setAll(told.who);
    if (told.left >= 0) {
      putInstant(participant, "left", told.left);
      participant.put("left_reason", told.leftReason);
    }
    participant.set("muted", spans(told.gaps.mutes(left)));
    participant.set(
        "masked",
        CallDocument.JSON.valueToTree(
            told.gaps.masks(left).stream().map(CallDocument::masked).toList()));
    participant.set("talked", spans(told.talks));
    participant.set("completeness", CallDocument.JSON.valueToTree(completeness));
    participant.set(
        "gaps",
        CallDocument.JSON.valueToTree(
            told.gaps.gaps().stream().map(CallDocument::missing).toList()));
    return completeness;
  }

  private static JsonNode spans(List<long[]> spans) {
    return CallDocument.JSON.valueToTree(spans.stream().map(CallDocument::span).toList());
  }

  private long longestTrack() throws IOException {
    long longest = 0;
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        longest = Math.max(longest, written(String.valueOf(file.getFileName())));
      }
    }
    return longest;
  }

  private long written(String file) throws IOException {
    Path track = folder.resolve(file).normalize();
    return TrackFiles.isTrack(file) && folder.equals(track.getParent()) && Files.exists(track)
        ? TrackFiles.duration(track)
        : 0;
  }
}
