package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import parley.relay.index.RecordingIndex;
import parley.signalling.settings.Setting;

/** Where recordings are looked up, as it is set. */
record RecordingIndexSettings(
    @Setting(
            value =
                "PostgreSQL database for the index of recordings, like"
                    + " jdbc:postgresql://db.example/parley; empty: a file in the folder for"
                    + " recordings",
            optional = true)
        String url,
    @Setting(value = "Its user", optional = true) String user,
    @Setting(value = "File with the user's password", optional = true) String passwordFile) {

  /** Where the file lies, in the folder for recordings. */
  static final String DIRECTORY = "index";

  private static final String POSTGRES = "jdbc:postgresql:";

  RecordingIndexSettings {
    if (!url.isEmpty() && !url.startsWith(POSTGRES)) {
      throw new IllegalArgumentException(
          "url is no address of a PostgreSQL database; right would be like"
              + " jdbc:postgresql://db.example:5432/parley");
    }
    if (url.contains("password=")) {
      throw new IllegalArgumentException(
          "url has a password in it; right would be a file that password_file names");
    }
  }

  static RecordingIndexSettings defaults() {
    return new RecordingIndexSettings("", "", "");
  }

  boolean isServer() {
    return !url.isEmpty();
  }

  /**
   * Opens it; whether the database answers the first question shows.
   *
   * @param recordings the folder for recordings
   * @param node name of this machine
   * @param patience how long to wait for another process that has the file
   * @throws IOException with a sentence
   */
  RecordingIndex open(Path recordings, String node, Duration patience) throws IOException {
    if (!isServer()) {
      return RecordingIndex.embedded(recordings.resolve(DIRECTORY), patience);
    }
    String password = passwordFile.isEmpty() ? "" : Files.readString(Path.of(passwordFile)).strip();
    return RecordingIndex.server(url, user, password, node + ":" + recordings);
  }

  @Override
  public String toString() {
    return "RecordingIndexSettings[" + url + "]";
  }
}
