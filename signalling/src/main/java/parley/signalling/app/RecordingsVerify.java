package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.BundleVerdict;
import parley.relay.evidence.BundleVerifier;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.Finding;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.Verdict;
import parley.relay.timestamp.TimeStamp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares recordings with their seals, byte by byte, and checks who signed them.",
      "Needs neither a running server nor a network; changes nothing.%n",
      "Exit code: 0 when all are proven, 1 when one is not, 2 when it could not be tried.%n"
    })
final class RecordingsVerify implements Callable<Integer> {

  /** Of one recording; the first one says what there is to say. */
  private static final int SHOWN_FINDINGS = 5;

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private VerifyingKey key = new VerifyingKey();

  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..*",
      description = "Folders of recordings, or exported zip files; without any, all there are.")
  private List<Path> folders = new ArrayList<>();

  @Override
  public Integer call() {
    if (parent == null) {
      throw new IllegalStateException("picocli sets it");
    }
    try {
      PublicKey publicKey = key.read(parent);
      List<Path> all = folders.isEmpty() ? parent.recordings() : folders;
      int proven = 0;
      for (Path folder : all) {
        if (!Files.exists(folder)) {
          throw new IOException("there is no " + folder);
        }
        boolean bundle = !Files.isDirectory(folder);
        boolean holds = bundle ? verifyBundle(folder, publicKey) : verify(folder, publicKey);
        proven += holds ? 1 : 0;
      }
      System.out.printf(Locale.ROOT, "%d of %d recordings proven.%n", proven, all.size());
      return proven == all.size() ? 0 : 1;
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  /** Shows the time stamp, when there is one; whether it holds. */
  private static boolean stamped(Path folder) {
    if (!Files.exists(folder.resolve(TimeStamp.FILE))) {
      return true;
    }
    try {
      System.out.println("            time stamp " + TimeStamp.read(folder));
      return true;
    } catch (IOException e) {
      System.out.println("            BUT " + e.getMessage());
      return false;
    }
  }

  /** Null for a recording that is still there; else whether the certificate of its end holds. */
  private static @Nullable Boolean deleted(Path folder, PublicKey key, Path name) {
    try {
      Optional<String> certificate = Deletion.certificate(folder, key);
      if (certificate.isEmpty()) {
        return null;
      }
      System.out.println("deleted     " + name + ": " + certificate.get());
      return true;
    } catch (IOException e) {
      System.out.println("NOT PROVEN  " + name);
      System.out.println("            " + e.getMessage());
      return false;
    }
  }

  private static boolean verify(Path folder, PublicKey key) throws IOException {
    Verdict verdict = SealVerifier.verify(folder, key);
    Path name = folder.toAbsolutePath().normalize().getFileName();
    Boolean deleted = deleted(folder, key, name);
    if (deleted != null) {
      return deleted;
    }
    if (verdict.proven()) {
      String recovered =
          verdict.recoveredBytes() == 0
              ? ""
              : ", of which " + verdict.recoveredBytes() + " bytes were sealed only after a crash";
      System.out.printf(
          Locale.ROOT,
          "proven      %s: %s, %d files, %,d bytes in %d segments%s%n",
          name,
          verdict.end(),
          verdict.files(),
          verdict.bytes(),
          verdict.segments(),
          recovered);
      return stamped(folder);
    }
    show(name, verdict.findings());
    return false;
  }

  private static boolean verifyBundle(Path zip, PublicKey key) throws IOException {
    BundleVerdict verdict = BundleVerifier.verify(zip, key);
    Path name = zip.getFileName();
    if (verdict.proven()) {
      System.out.printf(
          Locale.ROOT,
          "proven      %s: exported %s, %d files, %,d bytes, %d lines of the audit log%n",
          name,
          verdict.made(),
          verdict.files(),
          verdict.bytes(),
          verdict.auditLines());
      return true;
    }
    show(
        name,
        Stream.concat(verdict.findings().stream(), verdict.seal().findings().stream()).toList());
    return false;
  }

  private static void show(Path name, List<Finding> findings) {
    System.out.println("NOT PROVEN  " + name);
    findings.stream().limit(SHOWN_FINDINGS).forEach(f -> System.out.println("            " + f));
    if (findings.size() > SHOWN_FINDINGS) {
      System.out.println("            and " + (findings.size() - SHOWN_FINDINGS) + " more");
    }
  }
}
