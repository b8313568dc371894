package parley.relay.replay;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.AuditExtract;
import parley.relay.evidence.BundleList;
import parley.relay.evidence.BundleVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

/**
 * One recording as a zip for somebody who has nothing of ours: as it was sealed, decrypted, mixed,
 * with what the audit log says of it, and with a program that proves all of that.
 *
 * <pre>
 * &lt;name&gt;/README.txt            what this is, and how to verify it
 * &lt;name&gt;/recording/           the folder as it is on the disk, with its seal
 * &lt;name&gt;/tracks/              the same tracks decrypted, when they are encrypted
 * &lt;name&gt;/mix.opus, mix.wav    all of them as one
 * &lt;name&gt;/audit.jsonl          who did what with it
 * &lt;name&gt;/seal.pub, verify.jar
 * &lt;name&gt;/bundle.log           all of that, hashed and signed ({@link BundleList})
 * </pre>
 *
 * @param folder of the recording
 * @param ring opens it, when it is encrypted
 * @param signer the key that seals
 * @param auditDirectory of the audit log; null: nothing of it is exported
 * @param by who exports it
 * @param why for what
 * @param mix whether there is a mix as Ogg Opus
 * @param wav whether there is one as WAV
 */
public record ExportBundle(
    Path folder,
    KeyRing ring,
    SigningKey signer,
    @Nullable Path auditDirectory,
    String by,
    String why,
    boolean mix,
    boolean wav) {

  /** What finding and copying the files takes of all the work, next to mixing. */
  private static final double COPYING = 0.15;

  /** The name that a bundle is to have. */
  public static String fileName(Path folder) {
    return name(folder) + ".zip";
  }

  private static String name(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    Path day = whole.getParent();
    String name = String.valueOf(whole.getFileName());
    return day == null ? name : day.getFileName() + "-" + name;
  }

  /**
   * Writes the bundle; streams, so it takes no room but where it goes.
   *
   * @param out is not closed
   * @throws IOException with a sentence; it may have been written in part by then
   */
  public void write(OutputStream out, Progress progress) throws IOException {
    Timeline line = check();
    String name = name(folder);
    String own = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    var list = new BundleList(own, Instant.now(), by, why);
    try (RecordingReader reader = RecordingReader.open(folder, ring);
        ZipOutputStream zip = new ZipOutputStream(new Uncloseable(out))) {
      zip.setLevel(Deflater.BEST_SPEED); // only the WAV gets smaller
      var entries = new Entries(zip, name + "/", list);
      entries.add("README.txt", file -> file.write(readme(name, line)));
      copy(entries, progress.part(0, COPYING / 2));
      decrypt(entries, reader, progress.part(COPYING / 2, COPYING));
      mixDown(entries, reader, progress.part(COPYING, 1));
      Path audit = auditDirectory;
      if (audit != null) {
        List<String> about = List.of(line.call(), own);
        entries.add(BundleVerifier.AUDIT, file -> AuditExtract.write(audit, about, file));
      }
      entries.add(BundleVerifier.KEY, file -> file.write(pem()));
      entries.add("verify.jar", VerifierJar::write);
      zip.putNextEntry(new ZipEntry(name + "/" + BundleList.FILE));
      zip.write(list.sign(signer));
      zip.closeEntry();
    }
    progress.at(1, "exported");
  }

  private Timeline check() throws IOException {
    Timeline line = Timeline.read(folder);
    if (Files.exists(folder.resolve(".recording"))) {
      throw new IOException("it is being recorded, or has not been closed after a crash");
    }
    Optional<String> missing =
        line.lanes().stream()
            .map(Timeline.Lane::track)
            .filter(track -> !track.isEmpty())
            .filter(track -> !isThere(track) && !isThere(track + RecordingReader.ENCRYPTED))
            .findFirst();
    if (missing.isPresent()) {
      throw new IOException(
          "its track "
              + missing.get()
              + " is not on this disk; what is only in the object store has to be fetched first");
    }
    return line;
  }

  private boolean isThere(String file) {
    return Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS);
  }

  private void copy(Entries entries, Progress progress) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      progress.at((double) i / files.size(), "copying " + file.getFileName());
      entries.add(BundleVerifier.RECORDING + "/" + file.getFileName(), to -> Files.copy(file, to));
    }
  }

  private void decrypt(Entries entries, RecordingReader reader, Progress progress)
      throws IOException {
    List<String> tracks =
        reader.tracks().stream()
            .filter(track -> track.endsWith(RecordingReader.ENCRYPTED))
            .toList();
    for (int i = 0; i < tracks.size(); i++) {
      String track = tracks.get(i);
      String plain = RecordingReader.plainName(track);
      progress.at((double) i / tracks.size(), "decrypting " + plain);
      entries.add(
          "tracks/" + plain,
          to -> {
            try (InputStream in = reader.track(track)) {
              in.transferTo(to);
            }
          });
    }
  }

  /** One after the other, as a zip wants it. */
  private void mixDown(Entries entries, RecordingReader reader, Progress progress)
      throws IOException {
    if (reader.tracks().isEmpty()) {
      return; // nobody who came could be recorded
    }
    if (mix) {
      entries.add(
          "mix.opus",
          to ->
              Mixdown.write(reader, Mixdown.Format.OGG_OPUS, to, progress.part(0, wav ? 0.6 : 1)));
    }
    if (wav) {
      entries.add(
          "mix.wav",
          to -> Mixdown.write(reader, Mixdown.Format.WAV, to, progress.part(mix ? 0.6 : 0, 1)));
    }
  }

  private byte[] pem() {
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(signer.publicKey().getEncoded());
    return ("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] readme(String name, Timeline line) {
    String text =
        """
        A recorded call: %s
        %s, %s, began %s

        recording/   as it was recorded and sealed: a track (Ogg Opus) a speaker, call.json (who was
                     there when, what is missing and why), seal.log, and what was decided about it
        tracks/      the same tracks decrypted; only when recording/ is encrypted (.enc)
        mix.opus     all speakers as one, for listening; mix.wav the same. Evidence are the tracks.
        audit.jsonl  who did what with this recording, why, when and from where
        bundle.log   SHA-256 of every MiB of all this, signed with the key of seal.pub

        To verify all of it, with a JDK 25 and nothing else:

            java -jar verify.jar

        or, with a verify.jar and a key that did not come with this bundle, which proves more:

            java -jar verify.jar %s.zip seal.pub

        It ends with PROVEN, or names the files and bytes that are not as they were, and NOT PROVEN;
        the exit code is 0 or 1. Whether seal.pub is the recorder's key, only its operator can tell:
        compare the SHA-256 that is shown. The audit lines are each signed; that none is missing,
        only the operator's whole log can tell. The formats are described in Parley's RECORDINGS.md.
        """;
    return String.format(text, line.title(), line.call(), line.state(), line.began(), name)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Files of the zip, each listed while it is written. */
  private record Entries(ZipOutputStream zip, String prefix, BundleList list) {

    /** Writes a file. */
    interface Content {
      void to(OutputStream file) throws IOException;
    }

    void add(String file, Content content) throws IOException {
      zip.putNextEntry(new ZipEntry(prefix + file));
      try (OutputStream to = list.file(file, zip)) {
        content.to(to);
      }
      zip.closeEntry();
    }
  }

  /** A zip's end is not the end of what it is written to. */
  private static final class Uncloseable extends FilterOutputStream {
    Uncloseable(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      out.write(data, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
