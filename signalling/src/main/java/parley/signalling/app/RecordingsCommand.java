package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.AuditEntry;
import parley.relay.evidence.AuditLog;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SigningKey;
import parley.relay.store.S3Archive;
import parley.relay.vault.KeyRing;
import parley.signalling.settings.SettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code parley recordings}: what is in the folder for recordings, and whether it can be trusted.
 */
@Command(
    name = "recordings",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Lists recorded calls and looks for them, proves that they are as they were recorded, mixes,"
          + " exports and opens them, holds and deletes them.%n",
      "The folder and the key are those of the settings; --directory names another folder.%n"
    },
    subcommands = {
      RecordingsList.class,
      RecordingsSearch.class,
      RecordingsVerify.class,
      RecordingsReconcile.class,
      RecordingsIndex.class,
      RecordingsAudit.class,
      RecordingsTimeline.class,
      RecordingsMixdown.class,
      RecordingsExport.class,
      RecordingsDecrypt.class,
      RecordingsRewrap.class,
      RecordingsFetch.class,
      RecordingsTimestamp.class,
      RecordingsHold.class,
      RecordingsRelease.class,
      RecordingsRetain.class,
      RecordingsDelete.class,
      RecordingsSelftest.class
    })
final class RecordingsCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "YAML file with settings.")
  private @Nullable Path config;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Folder for recordings, in place of the settings' recording.directory.")
  private @Nullable Path directory;

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** Where recordings are. */
  Path directory() {
    Path folder = directory != null ? directory : settings().relay().recordings();
    if (!Files.isDirectory(folder)) {
      throw mistake("there is no folder " + folder + "; --directory names another one.");
    }
    return folder;
  }

  /** The file of the public key that the settings name. */
  Path publicKey() {
    String file = settings().recording().signingKey();
    if (!file.isEmpty()) {
      return SigningKey.publicHalf(Path.of(file));
    }
    return SigningKey.publicHalf(directory().resolve(Node.DEFAULT_SIGNING_KEY));
  }

  /** Something done to one recording. */
  interface Deed {
    /**
     * @return what was done, in some words
     * @throws IOException why not, in one sentence
     */
    String on(Path folder, SigningKey key) throws IOException;
  }

  /** Something done with one recording that does not change it. */
  interface Look {
    String at(Path folder) throws IOException;
  }

  /** The keys that the settings name. */
  KeyRing keyRing() throws IOException {
    return settings().recording().encryption().open();
  }

  /**
   * Does something to recordings, each time after it has been written down that it is done.
   *
   * @param verb as the audit log calls it
   * @return exit code
   */
  int decide(Reasoned asked, String verb, Deed deed) {
    try {
      Path file = privateKey();
      if (!Files.exists(file)) {
        throw new IOException(
            "there is no " + file + ", the key that signs what is decided about recordings");
      }
      SigningKey key = SigningKey.open(file);
      return each(asked, verb, audit(key), folder -> deed.on(folder, key));
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  /**
   * Reads recordings, each time after it has been written down. Somebody who has copies of them and
   * no key that signs writes nothing.
   *
   * @return exit code
   */
  int read(Reasoned asked, String verb, Look look) {
    try {
      Path file = privateKey();
      if (Files.exists(file)) {
        return each(asked, verb, audit(SigningKey.open(file)), look);
      }
      System.out.println("There is no " + file + ": this is not written down.");
      return each(asked, verb, null, look);
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  /**
   * Deletes what was put into the store of a recording.
   *
   * @return number of objects
   * @throws IOException with a sentence, when the store refuses: they are locked
   */
  int deleteStored(Path folder, PublicKey key) throws IOException {
    try {
      RecordingStore store = settings().recording().store();
      if (store.isSet()) {
        return store.open(directory(), key).delete(folder.toAbsolutePath().normalize());
      }
      if (S3Archive.holds(directory().toAbsolutePath().normalize(), folder)) {
        throw new IOException("it is in a bucket, too, and recording.store names none");
      }
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Gets the audio of a recording back from the store; returns the number of files. */
  int fetch(Path folder) throws IOException {
    RecordingStore store = settings().recording().store();
    if (!store.isSet()) {
      throw new IOException("recording.store.endpoint names no store");
    }
    try {
      return store
          .open(directory(), SigningKey.readPublic(publicKey()))
          .fetch(folder.toAbsolutePath().normalize());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static int each(Reasoned asked, String verb, @Nullable AuditLog audit, Look look) {
    int failed = 0;
    for (Path folder : asked.folders) {
      Path name = folder.toAbsolutePath().normalize().getFileName();
      try {
        if (!Files.isDirectory(folder)) {
          throw new IOException("there is no folder " + folder);
        }
        if (audit != null) {
          audit.write(
              new AuditEntry(
                  asked.by, verb, String.valueOf(name), asked.why, "terminal", AuditEntry.ALLOWED));
        }
        System.out.println(name + ": " + look.at(folder));
      } catch (IOException e) {
        failed++;
        System.out.println(name + ": NOT DONE: " + e.getMessage());
        note(
            audit,
            new AuditEntry(
                asked.by,
                verb,
                String.valueOf(name),
                asked.why,
                "terminal",
                "refused: " + e.getMessage()));
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private static void note(@Nullable AuditLog audit, AuditEntry entry) {
    try {
      if (audit != null) {
        audit.write(entry);
      }
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
    }
  }

  private AuditLog audit(SigningKey key) throws IOException {
    long maxBytes = settings().recording().auditMaxMib() * (1L << 20);
    return AuditLog.open(auditDirectory(), key, Clock.systemUTC(), maxBytes);
  }

  private Path privateKey() {
    String file = settings().recording().signingKey();
    return file.isEmpty() ? directory().resolve(Node.DEFAULT_SIGNING_KEY) : Path.of(file);
  }

  /** The command that a subcommand belongs to. */
  static RecordingsCommand of(@Nullable RecordingsCommand parent) {
    if (parent == null) {
      throw new IllegalStateException("picocli sets it");
    }
    return parent;
  }

  /** Where it is written who did what with recordings. */
  Path auditDirectory() {
    AppConfig settings = settings();
    String set = settings.recording().auditDirectory();
    return set.isEmpty()
        ? (directory != null ? directory : settings.relay().recordings())
            .resolve(Node.DEFAULT_AUDIT)
        : Path.of(set);
  }

  /** The folders of all recordings, in the order of time. */
  List<Path> recordings() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory(), 3)) {
      files
          .filter(RecordingsCommand::isOfARecording)
          .map(Path::getParent)
          .distinct()
          .sorted()
          .forEach(found::add);
    }
    return found;
  }

  /** Whichever of them somebody has taken away: the others tell of it. */
  private static boolean isOfARecording(Path file) {
    return file.endsWith("call.json") || file.endsWith(Seal.FILE) || file.endsWith(Deletion.FILE);
  }

  /** What is set. */
  AppConfig settings() {
    try {
      return AppConfig.read(RunCommand.file(config), RunCommand.environment());
    } catch (SettingsException e) {
      var text = new StringBuilder("the settings cannot be used:");
      e.problems()
          .forEach(problem -> text.append(System.lineSeparator()).append("  ").append(problem));
      throw mistake(text.toString());
    }
  }

  private ParameterException mistake(String sentence) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets it");
    }
    return new ParameterException(spec.commandLine(), "parley: " + sentence);
  }
}
