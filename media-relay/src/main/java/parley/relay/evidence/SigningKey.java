package parley.relay.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * The Ed25519 key (RFC 8032) that signs seals: two PEM files, the private half (PKCS #8) and,
 * beside it, the public half that verifiers are given.
 */
public final class SigningKey {

  private static final String ALGORITHM = "Ed25519";

  /** A key's file has some 120 bytes; what is much longer is something else. */
  private static final long MAX_FILE_BYTES = 16_384;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private SigningKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** A new one, nowhere kept. */
  public static SigningKey create() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      return new SigningKey(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /**
   * Reads the key of this file, or makes one when there is none.
   *
   * @param file the private half; the public half lies beside it, {@code .pub} in place of {@code
   *     .key}
   * @throws IOException with a sentence that names what is wrong and what would be right
   */
  public static SigningKey open(Path file) throws IOException {
    if (!Files.exists(file)) {
      return create(file);
    }
    try {
      var keys = KeyFactory.getInstance(ALGORITHM);
      var key =
          new SigningKey(
              keys.generatePrivate(new PKCS8EncodedKeySpec(pem(file, "PRIVATE KEY"))),
              readPublic(publicHalf(file)));
      byte[] sample = {1};
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key.publicKey);
      signature.update(sample);
      if (!signature.verify(key.sign(sample))) {
        throw new IOException(
            publicHalf(file)
                + " is not the public half of "
                + file
                + "; right would be the output"
                + " of: openssl pkey -in "
                + file
                + " -pubout");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          file
              + " is no Ed25519 key; right would be the output of: openssl genpkey -algorithm"
              + " ed25519",
          e);
    }
  }

  /**
   * Reads a public half.
   *
   * @throws IOException with a sentence
   */
  public static PublicKey readPublic(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(pem(file, "PUBLIC KEY")));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no public Ed25519 key", e);
    }
  }

  /** Where the public half of a private half lies. */
  public static Path publicHalf(Path file) {
    String name = file.getFileName().toString();
    String stem = name.endsWith(".key") ? name.substring(0, name.length() - 4) : name;
    return file.resolveSibling(stem + ".pub");
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** Whether both halves still work and belong together. */
  public boolean works() {
    byte[] sample = {1};
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(publicKey);
      signature.update(sample);
      return signature.verify(sign(sample));
    } catch (GeneralSecurityException | IllegalStateException e) {
      return false;
    }
  }

  byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs anything", e);
    }
  }

  private static SigningKey create(Path file) throws IOException {
    SigningKey key = create();
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] secret =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, secret); // nobody else may read it, at no moment
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " is just being made by another process; start again", e);
    }
    Files.writeString(file, pem("PRIVATE KEY", key.privateKey.getEncoded()));
    Files.writeString(
        publicHalf(file),
        pem("PUBLIC KEY", key.publicKey.getEncoded()),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING);
    return key;
  }

  private static String pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }

  private static byte[] pem(Path file, String what) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "there is no " + file + ", the " + what.toLowerCase(Locale.ROOT) + " of seals");
    }
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " is too long for a key");
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN " + what + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + what + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " holds no PEM block \"" + what + "\"");
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no whole PEM file", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKey key
        && Arrays.equals(publicKey.getEncoded(), key.publicKey.getEncoded());
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  @Override
  public String toString() {
    return "SigningKey["
        + SealLine.hex(SealLine.sha256(publicKey.getEncoded())).substring(0, 16)
        + "]";
  }
}
