package parley.signalling.recordings;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import parley.relay.archive.Archive;
import parley.relay.index.FolderReader;
import parley.relay.index.IndexedRecording;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.Indexing;
import parley.relay.index.RecordingSearch;
import parley.relay.replay.Timeline;

/** What can be asked for that takes no audio: finding, looking, proving, deciding. Blocks. */
final class Operations {

  private final Archive archive;
  private final Supplier<Indexing.Status> indexing;

  Operations(Archive archive, Supplier<Indexing.Status> indexing) {
    this.archive = archive;
    this.indexing = indexing;
  }

  Reply search(Asked asked) throws Refusal, SQLException {
    SearchQuery query = SearchQuery.of(asked.query());
    RecordingSearch within = query.search().within(asked.visitor().teams());
    RecordingSearch.Page page =
        within == null
            ? new RecordingSearch.Page(List.of(), null)
            : archive.index().search(within, query.after(), query.limit());
    RecordingSearch.Cursor next = page.next();
    Indexing.Status status = indexing.get();
    return Reply.json(
        200,
        new Item.Found(
            page.recordings().stream().map(Item::of).toList(),
            next == null ? null : next.text(),
            new Item.Index(status.state().name().toLowerCase(Locale.ROOT), status.behind())));
  }

  /** One that whoever asks may know of. */
  IndexedRecording find(Asked asked) throws Refusal, IOException {
    return archive
        .find(asked.id())
        .filter(row -> asked.visitor().reaches(row.team()))
        .orElseThrow(Refusal::notFound);
  }

  private Path folder(Asked asked) throws Refusal {
    return archive.folder(asked.id()).orElseThrow(Refusal::notFound);
  }

  Reply look(Asked asked) throws Refusal, IOException {
    IndexedRecording row = find(asked);
    Path folder = folder(asked);
    Optional<String> certificate =
        row.state() == State.DELETED ? archive.certificate(folder) : Optional.empty();
    JsonNode call = FolderReader.document(folder);
    return Reply.json(
        200,
        new Item.Whole(
            Item.of(row),
            call,
            custody(folder),
            certificate.orElse(null),
            asked.visitor().words()));
  }

  private List<Item.Decision> custody(Path folder) {
    return archive.custody(folder).stream().map(Item.Decision::of).toList();
  }

  Reply timeline(Asked asked) throws Refusal, IOException {
    IndexedRecording row = find(asked);
    if (row.state() == State.DELETED || row.state() == State.UNREADABLE) {
      throw new Refusal(Refusal.Code.NOT_NOW, "it is " + row.state().word());
    }
    return Reply.json(Timeline.read(folder(asked)).toJson());
  }

  Reply verify(Asked asked) throws Refusal, IOException {
    asked.only("why");
    find(asked);
    return Reply.json(200, Item.Proven.of(archive.verify(asked.id())));
  }

  Reply hold(Asked asked) throws Refusal, IOException {
    asked.only("why");
    find(asked);
    return decided(asked, archive.hold(asked.id(), asked.decision()));
  }

  Reply release(Asked asked) throws Refusal, IOException {
    asked.only("why");
    find(asked);
    return decided(asked, archive.release(asked.id(), asked.decision()));
  }

  Reply retain(Asked asked) throws Refusal, IOException {
    asked.only("why", "until");
    Instant until = until(asked.text("until", 40));
    find(asked);
    return decided(asked, archive.retain(asked.id(), until, asked.decision()));
  }

  private static Instant until(String text) throws Refusal {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() < 10_000) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw Refusal.invalid("until: right would be a day, like 2033-01-31");
  }

  Reply fetch(Asked asked) throws Refusal, IOException {
    asked.only("why");
    find(asked);
    return Reply.json(200, Item.of(archive.fetch(asked.id())));
  }

  Reply delete(Asked asked) throws Refusal, IOException {
    asked.only("why");
    find(asked);
    IndexedRecording row = archive.delete(asked.id(), asked.decision());
    String certificate = archive.certificate(folder(asked)).orElse("");
    return Reply.json(200, new Item.Deleted(Item.of(row), certificate));
  }

  private Reply decided(Asked asked, IndexedRecording row) throws Refusal {
    return Reply.json(200, new Item.Decided(Item.of(row), custody(folder(asked))));
  }
}
