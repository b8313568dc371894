package parley.relay.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares a recording with its seal, byte by byte. Needs the folder and the public key, no network
 * and nothing but the JDK; changes nothing.
 */
public final class SealVerifier {

  /** A time stamp by somebody else (RFC 3161) over the end of the seal; may be there, or not. */
  public static final String TIME_STAMP = "timestamp.tsr";

  /** After so many, one more says nothing new. */
  private static final int MAX_FINDINGS = 1000;

  private final Path folder;
  private final PublicKey key;
  private final List<Finding> findings = new ArrayList<>();

  /** What is sealed of each file, up to which byte. */
  private final Map<String, Long> sealed = new LinkedHashMap<>();

  private String call = "";
  private String dataKey = "";
  private String end = "";
  private int segments;
  private long bytes;
  private long recoveredBytes;

  private SealVerifier(Path folder, PublicKey key) {
    this.folder = folder;
    this.key = key;
  }

  /**
   * Verifies one recording.
   *
   * @param folder of the recording
   * @param key public half of the key that signed it
   * @throws IOException when something cannot be read
   */
  public static Verdict verify(Path folder, PublicKey key) throws IOException {
    return new SealVerifier(folder, key).verify();
  }

  private Verdict verify() throws IOException {
    Path file = folder.resolve(Seal.FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      find(Seal.FILE, 0, 0, "the recording has no seal");
    } else if (Files.size(file) > SealReader.MAX_BYTES) {
      find(Seal.FILE, SealReader.MAX_BYTES, Files.size(file), "the seal is longer than any can be");
    } else {
      var seal = new SealReader(Files.readAllBytes(file));
      checkSignature(seal);
      for (SealReader.Line line : seal.lines()) {
        check(line);
      }
      checkKeys();
      checkCustody();
      checkTimeStamp(seal);
      checkEnds();
      checkOthers();
    }
    return new Verdict(call, findings, end, sealed.size(), segments, bytes, recoveredBytes);
  }

  private void checkSignature(SealReader seal) {
    List<SealReader.Line> lines = seal.lines();
    if (lines.isEmpty() || !lines.getFirst().text().equals(SealLine.FORMAT)) {
      find(Seal.FILE, 0, seal.endOfNext(), "this is not a seal that this verifier knows");
      return;
    }
    boolean ended = lines.getLast().words()[0].equals("end");
    if (!ended) {
      find(
          Seal.FILE,
          seal.end(),
          seal.endOfNext(),
          seal.endOfNext() > seal.end()
              ? "the chain breaks: from here on lines were changed, moved, left out or put in"
              : "the seal was never closed: the recording is still running, or was cut off here");
      return;
    }
    Optional<String> rest = seal.rest();
    if (rest.isEmpty() || !rest.get().startsWith(SealReader.SIGNATURE)) {
      find(Seal.FILE, seal.end(), seal.size(), "there is no signature, or more than that");
    } else if (!isSigned(seal.link(), rest.get().substring(SealReader.SIGNATURE.length()))) {
      find(
          Seal.FILE,
          seal.end(),
          seal.endOfNext(),
          "the signature is not that of this key: the seal was made anew, or by another node");
    }
  }

  private boolean isSigned(byte[] link, String base64) {
    try {
      byte[] written = Base64.getDecoder().decode(base64);
      if (!Base64.getEncoder().encodeToString(written).equals(base64)) {
        return false; // spelt in another way: not as it was written
      }
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update(SealLine.signed(link));
      return signature.verify(written);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private void check(SealReader.Line line) throws IOException {
    String[] words = line.words();
    switch (words[0]) {
      case "call" -> call = words.length > 1 ? words[1] : "";
      case "end" -> end = words.length > 1 ? words[1] : "";
      case "key" -> checkKey(line, words);
      case "encrypted" -> dataKey = words.length == 3 ? words[2] : "";
      case "segment", "recovered" -> checkSegment(line, words);
      case "document" -> checkDocument(line, words);
      default -> {} // the format, and what later versions add
    }
  }

  private void checkKey(SealReader.Line line, String[] words) {
    String own = SealLine.hex(SealLine.sha256(key.getEncoded()));
    if (words.length != 2 || !words[1].equals(own)) {
      find(Seal.FILE, line.from(), line.to(), "the recording was sealed with another key");
    }
  }

  private void checkSegment(SealReader.Line line, String[] words) throws IOException {
    long from = words.length == 5 ? number(words[1]) : -1;
    long length = words.length == 5 ? number(words[2]) : -1;
    if (from < 0 || length < 0 || from != sealed.getOrDefault(words[4], 0L)) {
      find(Seal.FILE, line.from(), line.to(), "this segment does not follow the one before it");
      return;
    }
    segments++;
    if (words[0].equals("recovered")) {
      recoveredBytes += length;
    }
    compare(words[4], from, length, words[3]);
  }

  private void checkDocument(SealReader.Line line, String[] words) throws IOException {
    long length = words.length == 4 ? number(words[1]) : -1;
    if (length < 0 || sealed.containsKey(words[3])) {
      find(Seal.FILE, line.from(), line.to(), "this line cannot be understood");
      return;
    }
    compare(words[3], 0, length, words[2]);
  }

  private void compare(String name, long from, long length, String sha256) throws IOException {
    sealed.put(name, from + length);
    bytes += length;
    Path file = folder.resolve(name).normalize();
    if (!folder.normalize().equals(file.getParent())) {
      find(Seal.FILE, 0, 0, "it names a file outside of the recording: " + name);
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      if (from == 0) {
        find(name, 0, 0, "the file is missing");
      }
      return;
    }
    long size = Files.size(file);
    if (size < from + length) {
      if (size >= from) { // later segments are missing with it
        find(name, from, from + length, "in here bytes are missing");
      }
      return;
    }
    if (!SealLine.hex(hash(file, from, length)).equals(sha256)) {
      find(name, from, from + length, "somewhere in here the file is not what was sealed");
    }
  }

  /** Beside the seal, as it may be replaced; signed by itself. */
  private void checkKeys() throws IOException {
    Path file = folder.resolve(KeyFile.FILE);
    if (dataKey.isEmpty()) {
      return;
    }
    long size = Files.isRegularFile(file) ? Files.size(file) : 0;
    try {
      KeyFile keys = KeyFile.read(folder);
      if (!keys.isSignedBy(key) || !keys.call().equals(call)) {
        find(KeyFile.FILE, 0, size, "the wrapped key was changed, or is that of another recording");
      } else if (!keys.key().id().equals(dataKey)) {
        find(KeyFile.FILE, 0, size, "this is not the key that the tracks were encrypted with");
      }
    } catch (IOException e) {
      find(KeyFile.FILE, 0, size, String.valueOf(e.getMessage()));
    }
  }

  /**
   * What a time stamp is about.
   *
   * @return SHA-256 of what the signature of a closed seal is over
   * @throws IOException with a sentence, when it is not closed
   */
  public static byte[] imprint(Path folder) throws IOException {
    if (SealRecovery.of(folder).state() != SealRecovery.State.CLOSED) {
      throw new IOException("the seal of the recording is not closed");
    }
    var seal = new SealReader(Files.readAllBytes(folder.resolve(Seal.FILE)));
    return SealLine.sha256(SealLine.signed(seal.link()));
  }

  /** Only whether it is about this seal: who made it, and whether it holds, takes a library. */
  private void checkTimeStamp(SealReader seal) throws IOException {
    Path file = folder.resolve(TIME_STAMP);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    long size = Files.size(file);
    String imprint = SealLine.hex(SealLine.sha256(SealLine.signed(seal.link())));
    if (size > 65_536 || !SealLine.hex(Files.readAllBytes(file)).contains(imprint)) {
      find(TIME_STAMP, 0, size, "this is not a time stamp over this seal");
    }
  }

  private void checkCustody() throws IOException {
    Path file = folder.resolve(Custody.FILE);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Custody.read(folder, key);
      } catch (IOException | DateTimeException e) {
        find(Custody.FILE, 0, Files.size(file), String.valueOf(e.getMessage()));
      }
    }
  }

  private void checkEnds() throws IOException {
    for (Map.Entry<String, Long> entry : sealed.entrySet()) {
      Path file = folder.resolve(entry.getKey()).normalize();
      if (Files.isRegularFile(file) && Files.size(file) > entry.getValue()) {
        find(entry.getKey(), entry.getValue(), Files.size(file), "this was appended");
      }
    }
  }

  private void checkOthers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!isKnown(name)) {
          find(name, 0, Files.isRegularFile(file) ? Files.size(file) : 0, "this was added");
        }
      }
    }
  }

  private boolean isKnown(String name) {
    return name.equals(Seal.FILE)
        || (name.equals(KeyFile.FILE) && !dataKey.isEmpty())
        || name.equals(Custody.FILE)
        || name.equals(TIME_STAMP)
        || sealed.containsKey(name);
  }

  /** The SHA-256 of a part of a file, as far as there is one. */
  static byte[] hash(Path file, long from, long length) throws IOException {
    MessageDigest digest = SealLine.digest();
    byte[] buffer = new byte[65_536];
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      long left = length;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          break;
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
    }
    return digest.digest();
  }

  /** A decimal number as we write it; -1 when it is none. */
  static long number(String word) {
    boolean plain =
        !word.isEmpty()
            && word.length() <= 18
            && word.chars().allMatch(c -> c >= '0' && c <= '9')
            && (word.length() == 1 || word.charAt(0) != '0');
    return plain ? Long.parseLong(word) : -1;
  }

  private void find(String file, long from, long to, String what) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(file, from, to, what));
    }
  }

  /** What somebody who has only a JDK starts: FOLDER PUBLIC-KEY. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: FOLDER PUBLIC-KEY");
      System.exit(2);
    }
    Verdict verdict = verify(Path.of(args[0]), SigningKey.readPublic(Path.of(args[1])));
    verdict.findings().forEach(finding -> System.out.println(finding));
    System.out.println(
        verdict.proven()
            ? "proven: " + verdict.bytes() + " bytes are as they were sealed"
            : "NOT PROVEN");
    System.exit(verdict.proven() ? 0 : 1);
  }
}
