package parley.relay.index;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.relay.evidence.Custody;
import parley.relay.evidence.Seal;
import parley.relay.store.S3Archive;

/**
 * The folder for recordings: which there are, and when one has changed.
 *
 * @param root absolute
 */
public record RecordingFolders(Path root) {

  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  /** As the recorder names them, so nothing that leads elsewhere. */
  private static final Pattern NAME = Pattern.compile("\\d{6}-[A-Za-z0-9._-]{1,200}");

  private static final Pattern ID = Pattern.compile("(" + DAY + ")/(" + NAME + ")");

  private static final DateTimeFormatter BEGAN =
      DateTimeFormatter.ofPattern("uuuu-MM-ddHHmmss").withResolverStyle(ResolverStyle.STRICT);

  public RecordingFolders {
    root = root.toAbsolutePath().normalize();
  }

  /** Day and name of a recording's folder; empty when it is none of ours. */
  public Optional<String> id(Path folder) {
    Path normal = folder.toAbsolutePath().normalize();
    String id = root.relativize(normal).toString().replace('\\', '/');
    return normal.startsWith(root) && began(id).isPresent() ? Optional.of(id) : Optional.empty();
  }

  /** Where a recording lies, or lay; empty for what is no recording's id. */
  public Optional<Path> folder(String id) {
    return began(id).map(began -> root.resolve(id));
  }

  /** When a recording began, to the second; empty for what is no recording's id. */
  static Optional<Instant> began(String id) {
    Matcher matcher = ID.matcher(id);
    try {
      return matcher.matches()
          ? Optional.of(
              LocalDateTime.parse(matcher.group(1) + matcher.group(2).substring(0, 6), BEGAN)
                  .toInstant(ZoneOffset.UTC))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty(); // no such day
    }
  }

  /** The days there are recordings of, the newest first. */
  public List<LocalDate> days() throws IOException {
    List<LocalDate> days = new ArrayList<>();
    for (Path day : folders(root, DAY)) {
      try {
        days.add(LocalDate.parse(String.valueOf(day.getFileName())));
      } catch (DateTimeException e) {
        continue; // the 31st of February is not ours
      }
    }
    return days.reversed();
  }

  /** The recordings of a day, the earliest first. */
  public List<Path> of(LocalDate day) throws IOException {
    return folders(root.resolve(day.toString()), NAME).stream()
        .filter(folder -> id(folder).isPresent())
        .toList();
  }

  private static List<Path> folders(Path in, Pattern names) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(in)) {
      for (Path each : all) {
        if (names.matcher(String.valueOf(each.getFileName())).matches()
            && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          found.add(each);
        }
      }
    } catch (NoSuchFileException e) {
      return found;
    }
    found.sort(null);
    return found;
  }

  /**
   * Changes when anything does that a row tells of: five looks at the disk, and nothing is read.
   *
   * @return empty when the folder is gone
   */
  String stamp(Path folder) {
    List<Path> files =
        List.of(
            folder,
            folder.resolve(FolderReader.DOCUMENT),
            folder.resolve(Seal.FILE),
            folder.resolve(Custody.FILE),
            S3Archive.ledger(root, folder));
    var text = new StringBuilder();
    for (Path file : files) {
      try {
        var seen = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        text.append(Long.toString(seen.lastModifiedTime().toMillis(), 36));
        text.append('.').append(Long.toString(seen.isDirectory() ? 0 : seen.size(), 36));
      } catch (IOException e) {
        if (file.equals(folder)) {
          return "";
        }
        text.append('-');
      }
      text.append(' ');
    }
    return text.toString().strip();
  }
}
