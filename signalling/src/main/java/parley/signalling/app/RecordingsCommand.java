package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.SigningKey;
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
      "Lists recorded calls, and proves that they are as they were recorded.%n",
      "The folder and the key are those of the settings; --directory names another folder.%n"
    },
    subcommands = {
      RecordingsList.class,
      RecordingsVerify.class,
      RecordingsAudit.class,
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
          .filter(file -> file.endsWith("call.json"))
          .map(Path::getParent)
          .sorted()
          .forEach(found::add);
    }
    return found;
  }

  private AppConfig settings() {
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
