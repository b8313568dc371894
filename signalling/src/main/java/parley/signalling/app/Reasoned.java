package parley.signalling.app;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command says that decides about recordings: which, who, why. */
final class Reasoned {

  @Parameters(paramLabel = "FOLDER", arity = "1..*", description = "Folders of recordings.")
  List<Path> folders = List.of();

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "The reason; it goes into the audit log.")
  String why = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decided it (default: the user who runs this).")
  String by = "";
}
