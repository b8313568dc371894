package parley.signalling.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.CallSummary;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OuterChat;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * What stands in a request; the keys are the names in snake_case. {@code
 * schema/webhook.call.buzz.json} and its siblings describe it.
 *
 * @param timestamp when it happened
 */
record WebhookBody(WebhookType type, IsoTime timestamp, Data data) {

  /**
   * Rung contacts in one body: the convention asks for bodies below 20 KB. A larger group's are
   * told in several events.
   */
  static final int MAX_MEMBERS = 400;

  /** What it is about; the fields of each are all there is. */
  sealed interface Data {
    TeamId team();
  }

  /** Who rings. */
  record Actor(Jid jid, String displayName, String shortName) {}

  /**
   * @param jid the chat as those rung see it: what their client offers to
   * @param members whom to push to
   * @param buzzTimeout seconds
   */
  record Buzz(
      TeamId team,
      CallId uid,
      OuterChat chat,
      Jid jid,
      String displayName,
      Actor actor,
      List<Jid> members,
      int buzzTimeout,
      IsoTime ringsUntil)
      implements Data {}

  record Started(
      TeamId team,
      CallId uid,
      OuterChat chat,
      IsoTime created,
      IsoTime start,
      List<Jid> participants)
      implements Data {}

  /**
   * @param start null when the call only rang
   * @param duration seconds from start to finish, to the millisecond
   * @param caller null when nobody has ever been in the call
   */
  record Finished(
      TeamId team,
      CallId uid,
      OuterChat chat,
      IsoTime created,
      @JsonInclude(Include.NON_NULL) @Nullable IsoTime start,
      IsoTime finish,
      BigDecimal duration,
      @JsonInclude(Include.NON_NULL) @Nullable Jid caller,
      SequencedSet<Jid> participants,
      String reason)
      implements Data {}

  /**
   * @param directory name of the recording's folder
   */
  record RecordingReady(TeamId team, CallId uid, OuterChat chat, String directory)
      implements Data {}

  record RecordingFailed(TeamId team, CallId uid, OuterChat chat, String reason) implements Data {}

  /**
   * @param problem missing, incomplete, unverified
   * @param directory name of the recording's folder; left out when there is none
   */
  record RecordingMissing(
      TeamId team,
      CallId uid,
      OuterChat chat,
      String problem,
      @JsonInclude(Include.NON_EMPTY) String directory,
      String reason)
      implements Data {}

  static List<WebhookBody> of(CallEvent event) {
    TeamId team = event.place().team().uid();
    OuterChat chat = event.place().seenFromOutside();
    return switch (event) {
      case CallEvent.Buzz buzz -> buzz(team, chat, buzz);
      case CallEvent.Started started ->
          one(
              WebhookType.CALL_STARTED,
              event,
              new Started(
                  team,
                  event.uid(),
                  chat,
                  started.created(),
                  started.at(),
                  started.participants()));
      case CallEvent.Finished finished ->
          one(WebhookType.CALL_FINISHED, event, finished(team, chat, finished.summary()));
      case CallEvent.RecordingReady ready ->
          one(
              WebhookType.RECORDING_READY,
              event,
              new RecordingReady(team, event.uid(), chat, name(ready.directory())));
      case CallEvent.RecordingFailed failed ->
          one(
              WebhookType.RECORDING_FAILED,
              event,
              new RecordingFailed(team, event.uid(), chat, failed.reason()));
      case CallEvent.RecordingMissing missing ->
          one(
              WebhookType.RECORDING_MISSING,
              event,
              new RecordingMissing(
                  team,
                  event.uid(),
                  chat,
                  missing.problem(),
                  missing.directory(),
                  missing.reason()));
      case CallEvent.Moved moved -> List.of(); // between nodes
      case CallEvent.RecordingDecided decided -> List.of(); // for the audit log
    };
  }

  private static List<WebhookBody> one(WebhookType type, CallEvent event, Data data) {
    return List.of(new WebhookBody(type, event.at(), data));
  }

  private static List<WebhookBody> buzz(TeamId team, OuterChat chat, CallEvent.Buzz buzz) {
    ServerEvent.CallBuzz rung = buzz.event();
    var actor = new Actor(rung.actor().jid(), rung.actor().displayName(), rung.actor().shortName());
    var until = new IsoTime(buzz.at().instant().plusSeconds(rung.buzzTimeout()));
    List<WebhookBody> bodies = new ArrayList<>();
    List<Jid> members = buzz.members();
    for (int from = 0; from < members.size(); from += MAX_MEMBERS) {
      List<Jid> some = members.subList(from, Math.min(from + MAX_MEMBERS, members.size()));
      var data =
          new Buzz(
              team,
              buzz.uid(),
              chat,
              rung.jid(),
              rung.displayName(),
              actor,
              some,
              rung.buzzTimeout(),
              until);
      bodies.add(new WebhookBody(WebhookType.CALL_BUZZ, buzz.at(), data));
    }
    return bodies;
  }

  private static Finished finished(TeamId team, OuterChat chat, CallSummary summary) {
    IsoTime start = summary.start();
    Duration lasted =
        start == null
            ? Duration.ZERO
            : Duration.between(start.instant(), summary.finish().instant());
    return new Finished(
        team,
        summary.uid(),
        chat,
        summary.created(),
        start,
        summary.finish(),
        seconds(lasted),
        summary.participants().isEmpty() ? null : summary.participants().getFirst(),
        summary.participants(),
        summary.reason());
  }

  /** To the millisecond. */
  static BigDecimal seconds(Duration lasted) {
    return BigDecimal.valueOf(Math.max(0, lasted.toMillis()), 3);
  }

  private static String name(Path directory) {
    Path name = directory.getFileName();
    return name == null ? "" : name.toString();
  }
}
