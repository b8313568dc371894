package parley.signalling.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RelayEvent;
import parley.relay.archive.Archive;
import parley.relay.evidence.SigningKey;
import parley.relay.index.FolderReader;
import parley.relay.index.Indexing;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.reconcile.CallLog;
import parley.relay.reconcile.Reconciliation;
import parley.relay.reconcile.Shortfall;
import parley.relay.recording.MachineName;
import parley.relay.store.S3Archive;
import parley.relay.vault.KeyRing;
import parley.signalling.audit.AccessLog;
import parley.signalling.recordings.RecordingsDoor;
import parley.signalling.recordings.Visitors;
import parley.signalling.servers.Services;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;
import parley.signalling.settings.SettingsException;

/**
 * What a node does with recordings that are closed: their index, the door to them, and holding
 * calls against them. Nothing here is needed for a call or for its recording.
 */
final class RecordingsDesk implements CallEvents, AutoCloseable {

  /** A command that has the index gives it back within seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Where what is made of recordings lies for an hour, in the folder for recordings. */
  private static final Path SCRATCH = Path.of("scratch");

  private final CallRecords calls;
  private final Indexing indexing;
  private final List<Services.Door> doors;

  /** Last in, first closed. */
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  /**
   * Starts everything.
   *
   * @param root the folder for recordings
   * @param auditDirectory of the audit log
   * @param ring opens encrypted ones
   * @param webhooks told when something is wrong with recordings
   * @throws IOException with a sentence
   */
  RecordingsDesk(
      AppConfig config,
      Path root,
      Path auditDirectory,
      SigningKey key,
      KeyRing ring,
      AccessLog accesses,
      CallEvents webhooks,
      MeterRegistry metrics)
      throws IOException, SettingsException {
    AppConfig.Recording settings = config.recording();
    Clock clock = Clock.systemUTC();
    Visitors visitors = visitors(config);
    var folders = new RecordingFolders(root);
    RecordingIndex index = settings.index().open(root, MachineName.get(), PATIENCE);
    var log = new CallLog(root, clock.instant());
    running.push(log);
    this.calls = new CallRecords(log);
    metrics.gauge("parley.calls.log.lost", log, CallLog::lost);
    for (Shortfall.Kind kind : Shortfall.Kind.values()) {
      // There from the start, for who scrapes.
      var _ = metrics.counter("parley.recordings.shortfalls", "kind", kind.word());
    }
    this.indexing = new Indexing(index, folders, new FolderReader(folders, key.publicKey()));
    running.push(indexing);
    metrics.gauge("parley.recordings.index.behind", indexing, i -> i.status().behind());
    metrics.gauge(
        "parley.recordings.index.failing",
        indexing,
        i -> i.status().state() == Indexing.State.FAILING ? 1 : 0);
    settings
        .reconcile()
        .time()
        .ifPresent(
            at ->
                running.push(
                    new Reconciler(
                        new Reconciliation(
                            folders, key.publicKey(), index, settings.reconcile().least(), clock),
                        root,
                        at,
                        webhooks,
                        metrics,
                        clock)));
    var archive = new Archive(folders, key, ring, index, store(settings, root, key), clock);
    if (visitors.isEmpty()) {
      this.doors = List.of();
      return;
    }
    var places = new RecordingsDoor.Places(root.resolve(SCRATCH), auditDirectory);
    var door = new RecordingsDoor(visitors, archive, indexing::status, accesses, places, clock);
    running.push(door);
    this.doors = List.of(door);
  }

  private static Visitors visitors(AppConfig config) throws SettingsException {
    try {
      return config.recording().access().visitors(config.api().all());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("recording.access.people", String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable S3Archive store(
      AppConfig.Recording settings, Path root, SigningKey key) {
    return settings.store().isSet() ? settings.store().open(root, key.publicKey()) : null;
  }

  /** Where people and servers come in. */
  List<Services.Door> doors() {
    return doors;
  }

  @Override
  public void happened(CallEvent event) {
    calls.happened(event);
  }

  /** A recording may have been closed. Any thread; never blocks. */
  void onRelay(RelayEvent event) {
    switch (event) {
      case RelayEvent.RecordingReady ready -> indexing.changed(ready.directory());
      case RelayEvent.RecordingFound found -> indexing.changed(found.directory());
      default -> {} // of calls, not of recordings
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part = running.poll(); part != null; part = running.poll()) {
      part.close();
    }
  }
}
