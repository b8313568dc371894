package parley.signalling.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.Verdict;

/**
 * What a recording that was broken off holds, against what was said: what its ledger and its score
 * claim to be missing must be what is.
 */
final class Held {

  /**
   * How far the ledger may be from the truth: it tells the moment of a crash by tenths of a second.
   */
  private static final long TOLERANCE_MS = 250;

  /** Of what is not sealed, no more may be lost. */
  private static final long LOST_MS = 1000;

  private final Verdict verdict;
  private final JsonNode document;
  private final List<String> wrong = new ArrayList<>();
  private long lostMs;

  private Held(Verdict verdict, JsonNode document) {
    this.verdict = verdict;
    this.document = document;
  }

  /**
   * Looks at a recording of a call in which everyone talked without a break.
   *
   * @param saidMs how long they talked
   * @param savedMs up to where at least everything must be there, apart from a second
   * @param cause the word of the ledger for what is missing
   */
  static Held look(Path folder, PublicKey key, long saidMs, long savedMs, String cause)
      throws IOException {
    JsonNode document =
        new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("call.json")));
    var held = new Held(SealVerifier.verify(folder, key), document);
    held.check(saidMs, savedMs, cause);
    return held;
  }

  /** What is not as it should be; empty: all is. */
  List<String> wrong() {
    return wrong;
  }

  /** complete, stopped, interrupted. */
  String end() {
    return verdict.end();
  }

  /** The most that any track lacks of what was to be saved. */
  long lostMs() {
    return lostMs;
  }

  double score() {
    return document.path("completeness").path("score").asDouble();
  }

  private void check(long saidMs, long savedMs, String cause) {
    if (!verdict.proven()) {
      wrong.add("not proven: " + verdict.findings().getFirst());
    }
    double due = 0;
    double missing = 0;
    for (JsonNode participant : document.path("participants")) {
      long missed = missed(participant, cause);
      long trackMs = endOfTrack(participant, cause);
      lostMs = Math.max(lostMs, Math.max(0, savedMs - trackMs));
      long claimed = trackMs + missed;
      if (Math.abs(claimed - saidMs) > TOLERANCE_MS) {
        wrong.add(
            String.format(
                Locale.ROOT, "the ledger speaks of %d ms, %d were said", claimed, saidMs));
      }
      due += participant.path("completeness").path("due").asDouble();
      missing += missed / 1000.0;
    }
    if (lostMs > LOST_MS) {
      wrong.add(lostMs + " ms are lost");
    }
    if (document.path("participants").size() != 2 && saidMs > LOST_MS) {
      wrong.add("a participant is missing");
    }
    double score = due == 0 ? 1 : 1 - missing / due;
    if (Math.abs(score - score()) > 0.002) {
      wrong.add(String.format(Locale.ROOT, "the score is %.4f, right is %.4f", score(), score));
    }
  }

  private static long missed(JsonNode participant, String cause) {
    double seconds = 0;
    for (JsonNode gap : participant.path("gaps")) {
      seconds += gap.path("why").asText().equals(cause) ? gap.path("duration").asDouble() : 0;
    }
    return Math.round(seconds * 1000);
  }

  /** Where what is missing at the end begins; without such a gap, the end. */
  private long endOfTrack(JsonNode participant, String cause) {
    for (JsonNode gap : participant.path("gaps")) {
      if (gap.path("why").asText().equals(cause)) {
        return Math.round(gap.path("at").asDouble() * 1000);
      }
    }
    return Math.round(document.path("duration").asDouble() * 1000);
  }
}
