package parley.relay.evidence;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deletes a recording and leaves a certificate, {@code deleted.txt}: what was deleted, when, by
 * whom and why. The data key of an encrypted one goes first, and with it all copies of the audio
 * there may be, backups too.
 *
 * <pre>
 * parley-deletion 1
 * call &lt;uid&gt;
 * recording &lt;name of the folder&gt;
 * deleted &lt;when&gt;
 * by &lt;who&gt;                                  as in a URL's query
 * why &lt;why&gt;
 * key &lt;id of the data key&gt; destroyed | none   none: it was not encrypted
 * files &lt;number&gt; &lt;bytes&gt;                      as they were sealed
 * seal &lt;the last link of its chain&gt;
 * signature &lt;base64&gt;                        Ed25519, over all lines before
 * </pre>
 */
public final class Deletion {

  /** The certificate's name in what was the folder of the recording. */
  public static final String FILE = "deleted.txt";

  private static final String FORMAT = "parley-deletion 1";
  private static final long MAX_BYTES = 65_536;

  private Deletion() {}

  /**
   * Deletes everything but the certificate. Whatever interrupts it, once more finishes it.
   *
   * @throws IOException with a sentence, before anything is deleted, when it must not be
   */
  public static void delete(Path folder, Instant now, String who, String why, SigningKey key)
      throws IOException {
    SealRecovery sealed = SealRecovery.of(folder);
    checkWhole(folder, sealed.call());
    if (Files.exists(folder.resolve(".recording"))) {
      throw new IOException("it is being recorded, or has not been closed after a crash");
    }
    Optional<String> refusal = Custody.read(folder, key.publicKey()).refusal(now);
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    SealReader seal = read(folder);
    String dataKey = word(seal, "encrypted", 2);
    remove(folder.resolve(KeyFile.FILE));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!List.of(Seal.FILE, Custody.FILE, FILE).contains(name)) {
          remove(file);
        }
      }
    }
    String text =
        FORMAT
            + ("\ncall " + sealed.call())
            + ("\nrecording " + name(folder))
            + ("\ndeleted " + now)
            + ("\nby " + URLEncoder.encode(who, StandardCharsets.UTF_8))
            + ("\nwhy " + URLEncoder.encode(why, StandardCharsets.UTF_8))
            + ("\nkey " + (dataKey.isEmpty() ? "none" : dataKey + " destroyed"))
            + ("\nfiles " + sealedFiles(seal))
            + ("\nseal " + SealLine.hex(seal.link()))
            + "\n";
    SignedText.replace(folder.resolve(FILE), text + SignedText.signature(FORMAT, text, key));
    Files.deleteIfExists(folder.resolve(Custody.FILE));
    Files.deleteIfExists(folder.resolve(Seal.FILE)); // it has names in it
  }

  /**
   * Only what is certainly a recording is deleted, and only when its seal says for how long it has
   * to be kept: where the chain breaks, what followed is not known.
   *
   * @throws IOException with a sentence, when it is not
   */
  public static void checkWhole(Path folder) throws IOException {
    checkWhole(folder, SealRecovery.of(folder).call());
  }

  private static void checkWhole(Path folder, String call) throws IOException {
    if (Files.exists(folder.resolve(FILE)) && !Files.exists(folder.resolve(Seal.FILE))) {
      throw new IOException("it has been deleted before; " + FILE + " is the certificate");
    }
    if (call.isEmpty()) {
      throw new IOException("this is no folder of a recording with a seal");
    }
    if (read(folder).breaks()) {
      throw new IOException("its seal is broken, so for how long it has to be kept is not known");
    }
  }

  private static String name(Path folder) {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  private static SealReader read(Path folder) throws IOException {
    Path file = folder.resolve(Seal.FILE);
    boolean there = Files.isRegularFile(file) && Files.size(file) <= SealReader.MAX_BYTES;
    return new SealReader(there ? Files.readAllBytes(file) : new byte[0]);
  }

  private static String word(SealReader seal, String first, int index) {
    return seal.lines().stream()
        .map(SealReader.Line::words)
        .filter(words -> words.length > index && words[0].equals(first))
        .map(words -> words[index])
        .findFirst()
        .orElse("");
  }

  private static String sealedFiles(SealReader seal) {
    long bytes = 0;
    var names = new HashSet<String>();
    for (SealReader.Line line : seal.lines()) {
      String[] words = line.words();
      if (words.length == 5 && List.of("segment", "recovered").contains(words[0])) {
        bytes += Long.parseLong(words[2]);
        names.add(words[4]);
      } else if (words.length == 4 && words[0].equals("document")) {
        bytes += Long.parseLong(words[1]);
        names.add(words[3]);
      }
    }
    return names.size() + " " + bytes;
  }

  /** Overwritten before it is removed; whether the disk keeps the old bytes is its own affair. */
  private static void remove(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isKey(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate((int) channel.size()), 0);
        channel.force(true);
      }
    }
    Files.deleteIfExists(file);
  }

  private static boolean isKey(Path file) throws IOException {
    return file.endsWith(KeyFile.FILE) && Files.size(file) <= MAX_BYTES;
  }

  /**
   * What the certificate in a folder says.
   *
   * @return empty when the recording was not deleted
   * @throws IOException with a sentence, when the certificate does not hold
   */
  public static Optional<String> certificate(Path folder, PublicKey key) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
      return Optional.empty();
    }
    String all = Files.readString(file, StandardCharsets.ISO_8859_1);
    int signed = all.lastIndexOf(SealReader.SIGNATURE);
    if (signed < 0
        || !SignedText.isSigned(FORMAT, all.substring(0, signed), all.substring(signed), key)) {
      throw new IOException("the certificate of its deletion was changed, or is by somebody else");
    }
    if (!value(all, "recording").equals(name(folder))) {
      throw new IOException("the certificate of a deletion is that of another recording");
    }
    return Optional.of(
        String.format(
            "on %s by %s: %s; key %s",
            value(all, "deleted"),
            URLDecoder.decode(value(all, "by"), StandardCharsets.UTF_8),
            URLDecoder.decode(value(all, "why"), StandardCharsets.UTF_8),
            value(all, "key")));
  }

  private static String value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }
}
