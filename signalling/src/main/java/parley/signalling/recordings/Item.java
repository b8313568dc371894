package parley.signalling.recordings;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.relay.archive.Archive;
import parley.relay.evidence.Custody;
import parley.relay.index.IndexedRecording;

/** A recording in an answer; keys are the names in snake_case, lengths are seconds. */
@JsonInclude(Include.NON_NULL)
record Item(
    String id,
    String call,
    String team,
    String chat,
    String title,
    String node,
    String began,
    @Nullable String ended,
    double length,
    String state,
    double completeness,
    double talk,
    double talkedOver,
    List<Party> parties,
    Policy policy,
    String retention,
    @Nullable String keptUntil,
    boolean held,
    boolean encrypted,
    String place,
    long bytes,
    Verified verified) {

  record Party(
      String contact,
      String name,
      String device,
      String track,
      double joined,
      double left,
      double talk,
      double muted,
      double masked,
      double completeness) {}

  record Policy(String name, String version, String mode) {}

  @JsonInclude(Include.NON_NULL)
  record Verified(String state, @Nullable String at, String note) {}

  /**
   * A page of them.
   *
   * @param next cursor; left out at the end
   */
  @JsonInclude(Include.NON_NULL)
  record Found(List<Item> recordings, @Nullable String next, Index index) {}

  /**
   * How the index stands.
   *
   * @param state current, behind, rebuilding, failing
   */
  record Index(String state, int behind) {}

  /**
   * All about one.
   *
   * @param call call.json as it is on disk
   * @param may what whoever asks may do
   */
  record Whole(
      Item recording,
      @Nullable JsonNode call,
      List<Decision> custody,
      @Nullable String certificate,
      List<String> may) {}

  /** A decision about keeping it. */
  record Decision(String act, String when, String who, String why, @Nullable String until) {
    static Decision of(Custody.Entry entry) {
      Instant until = entry.until();
      return new Decision(
          entry.act().name().toLowerCase(Locale.ROOT),
          iso(entry.when()),
          entry.who(),
          entry.why(),
          until == null ? null : iso(until));
    }
  }

  /** After a decision. */
  record Decided(Item recording, List<Decision> custody) {}

  /** After a deletion. */
  record Deleted(Item recording, String certificate) {}

  /** What a verification came to. */
  record Proven(
      String state,
      String at,
      String end,
      int files,
      int segments,
      long bytes,
      long recoveredBytes,
      List<String> findings,
      @Nullable String timeStamp) {
    static Proven of(Archive.Proven proven) {
      return new Proven(
          proven.proof().word(),
          iso(proven.at()),
          proven.end(),
          proven.files(),
          proven.segments(),
          proven.bytes(),
          proven.recoveredBytes(),
          proven.findings(),
          proven.timeStamp());
    }
  }

  static Item of(IndexedRecording row) {
    Instant ended = row.ended();
    Instant kept = row.keptUntil();
    Instant verified = row.verified().at();
    return new Item(
        row.id(),
        row.call(),
        row.team(),
        row.chat(),
        row.title(),
        row.node(),
        iso(row.began()),
        ended == null ? null : iso(ended),
        seconds(row.lengthMs()),
        row.state().word(),
        row.completeness(),
        seconds(row.talkMs()),
        seconds(row.talkedOverMs()),
        row.parties().stream().map(Item::party).toList(),
        new Policy(row.policy().name(), row.policy().version(), row.policy().mode()),
        row.policy().retention(),
        kept == null ? null : iso(kept),
        row.held(),
        row.encrypted(),
        row.place().word(),
        row.bytes(),
        new Verified(
            row.verified().proof().word(),
            verified == null ? null : iso(verified),
            row.verified().note()));
  }

  private static Party party(IndexedRecording.Party party) {
    return new Party(
        party.contact(),
        party.name(),
        party.device(),
        party.track(),
        seconds(party.joinedMs()),
        seconds(party.leftMs()),
        seconds(party.talkMs()),
        seconds(party.mutedMs()),
        seconds(party.maskedMs()),
        party.completeness());
  }

  private static String iso(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static double seconds(long ms) {
    return ms / 1000.0;
  }
}
