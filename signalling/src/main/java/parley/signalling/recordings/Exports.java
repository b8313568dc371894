package parley.signalling.recordings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import parley.relay.archive.Archive;
import parley.relay.replay.ExportBundle;

/** Bundles that somebody takes away: made while he waits, and there for an hour. */
final class Exports {

  /** Those of which something is remembered; the files are {@link Scratch}'s to bound. */
  private static final int MAX = 1_000;

  private static final String PREFIX = "export ";

  private final Archive archive;
  private final Operations operations;
  private final Scratch scratch;
  private final Path auditDirectory;
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  Exports(Archive archive, Operations operations, Scratch scratch, Path auditDirectory) {
    this.archive = archive;
    this.operations = operations;
    this.scratch = scratch;
    this.auditDirectory = auditDirectory;
  }

  /**
   * What was asked for.
   *
   * @param who whose it is
   */
  private record Job(String id, String who, String recording, String fileName) {}

  /** How far it is. */
  record JobBody(
      String job,
      String recording,
      String state,
      double progress,
      String step,
      @Nullable Long bytes,
      @Nullable String detail,
      String expires) {}

  /** All of somebody's. */
  record Jobs(List<JobBody> exports) {}

  Reply begin(Asked asked) throws Refusal, IOException {
    asked.only("why", "mix", "wav");
    boolean mix = asked.bool("mix", true);
    boolean wav = asked.bool("wav", true);
    operations.find(asked);
    archive.open(asked.id()).close(); // or it says why not
    Path folder = archive.folder(asked.id()).orElseThrow(Refusal::notFound);
    String by = asked.visitor().who();
    var job = new Job(UUID.randomUUID().toString(), by, asked.id(), ExportBundle.fileName(folder));
    var bundle =
        new ExportBundle(
            folder,
            archive.ring(),
            archive.signingKey(),
            auditDirectory,
            by,
            asked.why(),
            mix,
            wav);
    Scratch.Look look = scratch.ask(PREFIX + job.id, bundle::write);
    synchronized (jobs) {
      jobs.put(job.id, job);
      if (jobs.size() > MAX) {
        jobs.remove(jobs.keySet().iterator().next());
      }
    }
    return Reply.json(202, body(job, look))
        .with("location", "/parley/v1/recordings/exports/" + job.id);
  }

  private static JobBody body(Job job, Scratch.Look look) throws IOException {
    Path file = look.file();
    return new JobBody(
        job.id,
        job.recording,
        look.state().name().toLowerCase(Locale.ROOT),
        look.progress(),
        look.step(),
        file == null ? null : Files.size(file),
        look.detail(),
        look.expires().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  Reply list(Asked asked) throws IOException {
    List<Job> own;
    synchronized (jobs) {
      own = jobs.values().stream().filter(job -> job.who.equals(asked.visitor().who())).toList();
    }
    List<JobBody> bodies = new ArrayList<>();
    for (Job job : own) {
      Scratch.Look look = scratch.find(PREFIX + job.id);
      if (look != null) {
        bodies.add(body(job, look));
      }
    }
    return Reply.json(200, new Jobs(bodies));
  }

  private Job job(Asked asked) throws Refusal {
    synchronized (jobs) {
      Job job = jobs.get(asked.last());
      if (job != null && job.who.equals(asked.visitor().who())) {
        return job;
      }
    }
    throw noSuchJob();
  }

  private static Refusal noSuchJob() {
    return new Refusal(Refusal.Code.NOT_FOUND, "there is no such export of yours, or not any more");
  }

  private Scratch.Look look(Job job) throws Refusal {
    Scratch.Look look = scratch.find(PREFIX + job.id);
    if (look == null) {
      throw noSuchJob();
    }
    return look;
  }

  Reply look(Asked asked) throws Refusal, IOException {
    Job job = job(asked);
    return Reply.json(200, body(job, look(job)));
  }

  Reply bundle(Asked asked) throws Refusal, IOException {
    Job job = job(asked);
    Path file = look(job).file();
    if (file == null) {
      throw new Refusal(Refusal.Code.NOT_NOW, "the bundle is not ready");
    }
    return Reply.sound(Sound.of(file, Files.size(file)), "application/zip")
        .with("content-disposition", "attachment; filename=\"" + job.fileName + "\"");
  }

  Reply remove(Asked asked) throws Refusal {
    Job job = job(asked);
    synchronized (jobs) {
      jobs.remove(job.id);
    }
    scratch.remove(PREFIX + job.id);
    return Reply.done();
  }
}
