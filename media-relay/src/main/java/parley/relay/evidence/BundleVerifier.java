package parley.relay.evidence;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Compares an export bundle with its list and its recording with the seal, byte by byte. Needs the
 * bundle and the public key, no network and nothing but the JDK; changes nothing.
 */
public final class BundleVerifier {

  /** Where the recording lies in a bundle, as it lies on the disk. */
  public static final String RECORDING = "recording";

  /** The extract of the audit log. */
  public static final String AUDIT = "audit.jsonl";

  /** The public key that came with the bundle. */
  public static final String KEY = "seal.pub";

  /** A line of 100 bytes a MiB: a hundred GiB. */
  private static final long MAX_LIST_BYTES = 16L * 1024 * 1024;

  /** After so many, one more says nothing new. */
  private static final int MAX_FINDINGS = 1000;

  private final Path bundle;
  private final PublicKey key;
  private final List<Finding> findings = new ArrayList<>();

  /** What is listed of each file, up to which byte. */
  private final Map<String, Long> listed = new LinkedHashMap<>();

  private String recording = "";
  private String made = "";
  private int auditLines;

  private BundleVerifier(Path bundle, PublicKey key) {
    this.bundle = bundle;
    this.key = key;
  }

  /**
   * Verifies one bundle.
   *
   * @param bundle the zip, or the folder it was unpacked into
   * @param key public half of the key that signs
   * @throws IOException when something cannot be read; a sentence, when it is no bundle
   */
  public static BundleVerdict verify(Path bundle, PublicKey key) throws IOException {
    if (Files.isDirectory(bundle)) {
      return new BundleVerifier(root(bundle), key).verify();
    }
    try (FileSystem zip = FileSystems.newFileSystem(bundle)) {
      return new BundleVerifier(root(zip.getPath("/")), key).verify();
    } catch (IllegalArgumentException | ProviderNotFoundException e) {
      throw new IOException(bundle + " is no zip file", e);
    }
  }

  /** The list lies in it, or in the only folder in it. */
  private static Path root(Path folder) throws IOException {
    try (Stream<Path> within = Files.list(folder)) {
      List<Path> roots =
          Stream.concat(Stream.of(folder), within)
              .filter(each -> Files.isRegularFile(each.resolve(BundleList.FILE)))
              .toList();
      if (roots.size() != 1) {
        throw new IOException(folder + " holds no bundle: there is no " + BundleList.FILE);
      }
      return roots.getFirst();
    }
  }

  private BundleVerdict verify() throws IOException {
    readList();
    for (Map.Entry<String, Long> entry : listed.entrySet()) {
      Path file = bundle.resolve(entry.getKey());
      if (Files.isRegularFile(file) && Files.size(file) > entry.getValue()) {
        find(entry.getKey(), entry.getValue(), Files.size(file), "this was appended");
      }
    }
    checkOthers();
    Path audit = bundle.resolve(AUDIT);
    if (Files.isRegularFile(audit)) {
      auditLines = AuditExtract.verify(audit, AUDIT, key, findings);
    }
    Verdict seal = verifySeal();
    long bytes = listed.values().stream().mapToLong(Long::longValue).sum();
    return new BundleVerdict(recording, made, seal, listed.size(), bytes, auditLines, findings);
  }

  private Verdict verifySeal() throws IOException {
    try {
      return SealVerifier.verify(bundle.resolve(RECORDING), key);
    } catch (ZipException e) {
      var finding = new Finding(RECORDING, 0, 0, "in here the zip file is damaged");
      return new Verdict("", List.of(finding), "", 0, 0, 0, 0);
    }
  }

  private void readList() throws IOException {
    Path file = bundle.resolve(BundleList.FILE);
    long size = Files.size(file);
    if (size > MAX_LIST_BYTES) {
      find(BundleList.FILE, MAX_LIST_BYTES, size, "the list is longer than any can be");
      return;
    }
    String all = Files.readString(file, StandardCharsets.ISO_8859_1);
    int signed = all.lastIndexOf(SealReader.SIGNATURE);
    boolean holds =
        signed >= 0
            && SignedText.isSigned(
                BundleList.FORMAT, all.substring(0, signed), all.substring(signed), key);
    if (!holds) {
      find(BundleList.FILE, 0, size, "the list was changed, or signed with another key");
    }
    // Compared all the same: it may show what else is not as it was.
    int at = 0;
    for (String line : all.substring(0, Math.max(0, signed)).split("\n", -1)) {
      read(line, at);
      at += line.length() + 1;
    }
  }

  private void read(String line, int at) throws IOException {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "recording" -> recording = words.length == 2 ? words[1] : "";
      case "made" -> made = words.length == 4 ? made(words) : "";
      case "part" -> {
        long from = words.length == 5 ? SealVerifier.number(words[1]) : -1;
        long length = words.length == 5 ? SealVerifier.number(words[2]) : -1;
        if (from < 0 || length < 0 || from != listed.getOrDefault(words[4], 0L)) {
          find(BundleList.FILE, at, at + line.length() + 1, "this line cannot be understood");
        } else {
          compare(words[4], from, length, words[3]);
        }
      }
      default -> {} // the format, and what later versions add
    }
  }

  private static String made(String[] words) {
    try {
      return words[1]
          + " by "
          + URLDecoder.decode(words[2], StandardCharsets.UTF_8)
          + ": "
          + URLDecoder.decode(words[3], StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return ""; // changed: the signature says so
    }
  }

  private void compare(String name, long from, long length, String sha256) throws IOException {
    listed.put(name, from + length);
    Path file = bundle.resolve(name).normalize();
    if (!file.startsWith(bundle) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      if (from == 0) {
        find(name, 0, 0, "the file is missing");
      }
      return;
    }
    long size = Files.size(file);
    if (size < from + length) {
      if (size >= from) { // later parts are missing with it
        find(name, from, from + length, "in here bytes are missing");
      }
      return;
    }
    String found;
    try {
      found = SealLine.hex(SealVerifier.hash(file, from, length));
    } catch (ZipException e) {
      find(name, from, from + length, "in here the zip file is damaged: " + e.getMessage());
      return;
    }
    if (!found.equals(sha256)) {
      find(name, from, from + length, "somewhere in here the file is not what was exported");
    }
  }

  private void checkOthers() throws IOException {
    try (Stream<Path> files = Files.walk(bundle)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = bundle.relativize(file).toString().replace('\\', '/');
        if (!name.equals(BundleList.FILE) && !listed.containsKey(name)) {
          find(name, 0, Files.size(file), "this was added");
        }
      }
    }
  }

  private void find(String file, long from, long to, String what) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(file, from, to, what));
    }
  }

  /**
   * What somebody who has only a JDK starts: [BUNDLE [PUBLIC-KEY]]. Without any, the bundle is
   * where the program lies; without a key, it is the one in the bundle, and has to be compared.
   */
  public static void main(String[] args) throws IOException, URISyntaxException {
    if (args.length > 2) {
      System.err.println("usage: [BUNDLE [PUBLIC-KEY]]; BUNDLE is the zip or its folder");
      System.exit(2);
    }
    Path bundle = args.length > 0 ? Path.of(args[0]) : here();
    try {
      PublicKey key = args.length > 1 ? SigningKey.readPublic(Path.of(args[1])) : ownKey(bundle);
      boolean compared = args.length > 1;
      BundleVerdict verdict = verify(bundle, key);
      say(verdict, key, compared);
      System.exit(verdict.proven() ? 0 : 1);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private static Path here() throws URISyntaxException {
    Path jar =
        Path.of(BundleVerifier.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = jar.toAbsolutePath().getParent();
    return folder == null ? jar : folder;
  }

  private static PublicKey ownKey(Path bundle) throws IOException {
    if (Files.isDirectory(bundle)) {
      return SigningKey.readPublic(root(bundle).resolve(KEY));
    }
    try (FileSystem zip = FileSystems.newFileSystem(bundle)) {
      return SigningKey.readPublic(root(zip.getPath("/")).resolve(KEY));
    }
  }

  private static void say(BundleVerdict verdict, PublicKey key, boolean compared) {
    verdict.findings().forEach(System.out::println);
    verdict.seal().findings().stream()
        .map(it -> new Finding(RECORDING + "/" + it.file(), it.from(), it.to(), it.what()))
        .forEach(System.out::println);
    System.out.println("recording  " + verdict.recording());
    System.out.println("exported   " + verdict.made());
    System.out.printf(
        Locale.ROOT,
        "seal       %s, %,d bytes in %d files%n",
        verdict.seal().proven() ? "proven: " + verdict.seal().end() : "NOT PROVEN",
        verdict.seal().bytes(),
        verdict.seal().files());
    System.out.printf(
        Locale.ROOT,
        "bundle     %s, %,d bytes in %d files%n",
        verdict.findings().isEmpty() ? "proven" : "NOT PROVEN",
        verdict.bytes(),
        verdict.files());
    System.out.println("audit log  " + verdict.auditLines() + " lines, each signed by itself");
    System.out.println("key        SHA-256 " + SealLine.hex(SealLine.sha256(key.getEncoded())));
    if (!compared) {
      System.out.println(
          "           This key came with the bundle: whoever changed the one could have changed the"
              + " other. Compare it with the one that the recorder's operator names.");
    }
    System.out.println(verdict.proven() ? "PROVEN" : "NOT PROVEN");
  }
}
