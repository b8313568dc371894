package parley.signalling.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program. What it can do is in its subcommands. */
@Command(
    name = "parley",
    description = "Media signalling and call relay for chat servers.",
    subcommands = {
      RunCommand.class,
      TurnCommand.class,
      DoctorCommand.class,
      RecordingsCommand.class,
      DrainCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {

  public static void main(String[] args) {
    System.exit(commandLine(args));
  }

  /** A node starts alone: to look at all other commands by reflection is a fifth of its start. */
  private static int commandLine(String[] args) {
    if (args.length > 0 && args[0].equals("run")) {
      String[] rest = Arrays.copyOfRange(args, 1, args.length);
      return new CommandLine(new RunCommand()).setCommandName("parley run").execute(rest);
    }
    return new CommandLine(new Main()).execute(args);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** From the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"parley " + number()};
    }

    /** As in {@code 1.2.3}. */
    static String number() throws IOException {
      var properties = new Properties();
      try (InputStream in = Main.class.getResourceAsStream("/parley-version.properties")) {
        if (in != null) {
          properties.load(in);
        }
      }
      return properties.getProperty("version", "(unknown version)");
    }
  }
}
