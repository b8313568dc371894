package parley.relay.vault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What somebody who has only a JDK starts: FOLDER KEY TO [PASSWORD-FILE]. */
final class Decryption {

  private Decryption() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("usage: FOLDER KEY TO [PASSWORD-FILE]; KEY like private:audit.key");
      System.exit(2);
    }
    char[] password =
        args.length < 4 ? new char[0] : Files.readString(Path.of(args[3])).strip().toCharArray();
    KeyRing ring = new KeyRing(List.of(), List.of(KeyAddress.open(args[1], password)));
    Path to = Files.createDirectories(Path.of(args[2]));
    try (RecordingReader reader = RecordingReader.open(Path.of(args[0]), ring)) {
      for (String track : reader.tracks()) {
        try (InputStream in = reader.track(track)) {
          Path plain = to.resolve(RecordingReader.plainName(track));
          System.out.println(Files.copy(in, plain) + " bytes in " + plain);
        }
      }
    }
  }
}
