package parley.relay.vault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Where a key that wraps is:
 *
 * <pre>
 * file:PATH             256 bits, base64: openssl rand -base64 32
 * pkcs12:PATH#ALIAS     an AES key, or a certificate with or without its private key
 * pkcs11:PATH#ALIAS     an AES key in the device whose PKCS #11 library this is; with
 *                       ?slot=N behind the path, in its N-th slot with a token, from 0
 * public:PATH           a public key (PEM; X25519 or RSA): wraps only
 * private:PATH          a private key (PEM, PKCS #8), its public half beside it as .pub
 * </pre>
 */
public final class KeyAddress {

  /** Keys are small; what is much longer is something else. */
  private static final long MAX_FILE_BYTES = 65_536;

  private static final int KEY_BYTES = 32;

  private KeyAddress() {}

  /**
   * Opens a key.
   *
   * @param password of a store, or PIN of a device; empty when there is none
   * @throws IOException with a sentence that names what is wrong and what would be right
   */
  public static KeyEncryptionKey open(String address, char[] password) throws IOException {
    int colon = address.indexOf(':');
    String kind = colon < 0 ? "" : address.substring(0, colon);
    String rest = address.substring(colon + 1);
    try {
      return switch (kind) {
        case "file" -> file(Path.of(rest));
        case "pkcs12" -> pkcs12(Path.of(path(rest)), alias(address, rest), password);
        case "pkcs11" -> pkcs11(path(rest), alias(address, rest), password);
        case "public" -> new PublicKek(publicKey(Path.of(rest)), null);
        case "private" -> privateKey(Path.of(rest));
        default ->
            throw new IOException(
                "\""
                    + address
                    + "\" names no key; right would be file:, pkcs12:, pkcs11:, public: or"
                    + " private: and a path");
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IOException("the key " + address + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static String path(String rest) {
    int hash = rest.lastIndexOf('#');
    return hash < 0 ? rest : rest.substring(0, hash);
  }

  private static String alias(String address, String rest) throws IOException {
    int hash = rest.lastIndexOf('#');
    if (hash < 0 || hash == rest.length() - 1) {
      throw new IOException(
          "\"" + address + "\" does not say which key of the store; right would be #alias behind");
    }
    return rest.substring(hash + 1);
  }

  private static KeyEncryptionKey file(Path file) throws IOException {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text(file).trim());
    } catch (IllegalArgumentException e) {
      key = new byte[0];
    }
    if (key.length != KEY_BYTES) {
      throw new IOException(
          file
              + " holds no key of 256 bits; right would be the output of: openssl rand -base64 32");
    }
    return secret(new SecretKeySpec(key, "AES"));
  }

  private static KeyEncryptionKey secret(SecretKey key) throws IOException {
    byte[] encoded = key.getEncoded();
    if (encoded == null || encoded.length != KEY_BYTES) {
      throw new IOException("it is no AES key of 256 bits");
    }
    String id = HexFormat.of().formatHex(DataKey.derive(encoded, "parley-kek-id 1", 8));
    return new SecretKek("aes-" + id, key, null);
  }

  private static KeyEncryptionKey pkcs12(Path file, String alias, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    Key key = store.getKey(alias, password);
    if (key instanceof SecretKey secret) {
      return secret(secret);
    }
    var certificate = store.getCertificate(alias);
    if (certificate == null) {
      throw new IOException(file + " has no key " + alias);
    }
    return new PublicKek(
        certificate.getPublicKey(), key instanceof PrivateKey privateKey ? privateKey : null);
  }

  private static KeyEncryptionKey pkcs11(String path, String alias, char[] pin)
      throws IOException, GeneralSecurityException {
    int query = path.indexOf("?slot=");
    String library = query < 0 ? path : path.substring(0, query);
    String slot = query < 0 ? "0" : path.substring(query + "?slot=".length());
    if (!slot.matches("[0-9]{1,3}") || !Files.isRegularFile(Path.of(library))) {
      throw new IOException("there is no PKCS #11 library " + library + ", or no slot " + slot);
    }
    Provider device = Security.getProvider("SunPKCS11");
    if (device == null) {
      throw new IOException("this JDK has no PKCS #11; its module jdk.crypto.cryptoki is missing");
    }
    String configuration =
        "--name=parley-"
            + slot
            + "\nlibrary=\""
            + library.replace("\"", "")
            + "\"\nslotListIndex="
            + slot
            + "\n";
    device = device.configure(configuration);
    KeyStore store = KeyStore.getInstance("PKCS11", device);
    store.load(null, pin);
    if (!(store.getKey(alias, null) instanceof SecretKey secret)) {
      throw new IOException("the device has no AES key " + alias);
    }
    return new SecretKek("pkcs11-" + alias.replaceAll("[^A-Za-z0-9._-]", "_"), secret, device);
  }

  private static KeyEncryptionKey privateKey(Path file)
      throws IOException, GeneralSecurityException {
    String name = String.valueOf(file.getFileName());
    String stem = name.endsWith(".key") ? name.substring(0, name.length() - 4) : name;
    PublicKey publicHalf = publicKey(file.resolveSibling(stem + ".pub"));
    byte[] der = pem(file, "PRIVATE KEY");
    for (String algorithm : List.of("X25519", "RSA")) {
      PrivateKey key = tryPrivate(algorithm, der);
      if (key != null) {
        return new PublicKek(publicHalf, key);
      }
    }
    throw new IOException(file + " is neither an X25519 nor an RSA key");
  }

  private static @Nullable PrivateKey tryPrivate(String algorithm, byte[] der)
      throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (InvalidKeySpecException e) {
      return null; // of another kind
    }
  }

  private static PublicKey publicKey(Path file) throws IOException, GeneralSecurityException {
    byte[] der = pem(file, "PUBLIC KEY");
    for (String algorithm : List.of("X25519", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // of another kind
      }
    }
    throw new IOException(file + " is neither an X25519 nor an RSA key");
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException("there is no key in " + file);
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static byte[] pem(Path file, String what) throws IOException {
    String text = text(file);
    int from = text.indexOf("-----BEGIN " + what + "-----");
    int to = text.indexOf("-----END " + what + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " holds no PEM block \"" + what + "\"");
    }
    try {
      int begin = from + "-----BEGIN -----".length() + what.length();
      return Base64.getMimeDecoder().decode(text.substring(begin, to));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no whole PEM file", e);
    }
  }
}
