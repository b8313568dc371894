package parley.relay.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.WrappedKey;

class KeyAddressTest {

  private static final char[] NONE = {};
  private static final char[] PASSWORD = "a password".toCharArray();

  @TempDir Path folder;

  private final SecureRandom random = new SecureRandom();

  private Path keyFile(String name) throws IOException {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return Files.writeString(folder.resolve(name), Base64.getEncoder().encodeToString(key) + "\n");
  }

  /** A private half, its public half beside it. */
  private Path pair(String name, String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (bits > 0) {
      generator.initialize(bits);
    }
    KeyPair pair = generator.generateKeyPair();
    pem(folder.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
    return pem(folder.resolve(name + ".key"), "PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static Path pem(Path file, String what, byte[] der) throws IOException {
    return Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(der), what));
  }

  private void wrapsAndUnwraps(KeyEncryptionKey wrapping, KeyEncryptionKey unwrapping)
      throws GeneralSecurityException {
    DataKey key = DataKey.create(random);
    WrappedKey wrapped = new KeyRing(List.of(wrapping), List.of()).wrap(key);
    assertThat(new KeyRing(List.of(), List.of(unwrapping)).unwrap(wrapped).secret())
        .isEqualTo(key.secret());

    byte[] damaged = wrapped.wraps().getFirst().bytes();
    for (int at : List.of(0, damaged.length / 2, damaged.length - 1)) {
      byte[] changed = damaged.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> unwrapping.unwrap(changed, key.id()))
          .as("byte %d changed", at)
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(() -> unwrapping.unwrap(damaged, DataKey.create(random).id()))
        .as("as another recording's key")
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void wrapsWithAFile() throws Exception {
    KeyEncryptionKey key = KeyAddress.open("file:" + keyFile("kek"), NONE);
    wrapsAndUnwraps(key, key);
    assertThat(key.id()).matches("aes-[0-9a-f]{16}");
    assertThatThrownBy(
            () -> KeyAddress.open("file:" + Files.writeString(folder.resolve("no"), "x"), NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl rand -base64 32");
  }

  @Test
  void wrapsWithAStoreOfKeys() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    store.setEntry(
        "kek",
        new KeyStore.SecretKeyEntry(new SecretKeySpec(secret, "AES")),
        new KeyStore.PasswordProtection(PASSWORD));
    Path file = folder.resolve("keys.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
    KeyEncryptionKey key = KeyAddress.open("pkcs12:" + file + "#kek", PASSWORD);
    wrapsAndUnwraps(key, key);
    assertThatThrownBy(() -> KeyAddress.open("pkcs12:" + file + "#other", PASSWORD))
        .hasMessageContaining("has no key other");
    assertThatThrownBy(() -> KeyAddress.open("pkcs12:" + file, PASSWORD))
        .hasMessageContaining("#alias");
    assertThatThrownBy(() -> KeyAddress.open("pkcs12:" + file + "#kek", "wrong".toCharArray()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void wrapsWithAPublicKeyWhosePrivateHalfIsElsewhere() throws Exception {
    for (Path file : List.of(pair("x", "X25519", 0), pair("r", "RSA", 3072))) {
      KeyEncryptionKey unwrapping = KeyAddress.open("private:" + file, NONE);
      KeyEncryptionKey wrapping =
          KeyAddress.open("public:" + file.toString().replace(".key", ".pub"), NONE);
      assertThat(wrapping.unwraps()).isFalse();
      assertThat(wrapping.id()).isEqualTo(unwrapping.id());
      wrapsAndUnwraps(wrapping, unwrapping);

      WrappedKey wrapped = new KeyRing(List.of(wrapping), List.of()).wrap(DataKey.create(random));
      assertThatThrownBy(() -> new KeyRing(List.of(wrapping), List.of()).unwrap(wrapped))
          .hasMessageContaining("it takes one of the keys " + wrapping.id());
    }
  }

  @Test
  void refusesKeysThatAreTooShort() throws Exception {
    Path file = pair("short", "RSA", 2048);
    assertThatThrownBy(() -> KeyAddress.open("private:" + file, NONE))
        .hasMessageContaining("3072 bits");
    assertThatThrownBy(() -> KeyAddress.open("kms:a", NONE)).hasMessageContaining("pkcs11:");
  }

  /** The device's library looks for its tokens where the environment says: a process of its own. */
  @Test
  @Timeout(120)
  void wrapsWithADeviceThatKeepsItsKey() throws Exception {
    Path library = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    assumeTrue(Files.exists(library), "SoftHSM is installed (Debian: apt install softhsm2)");
    Path tokens = Files.createDirectory(folder.resolve("tokens"));
    Path configuration =
        Files.writeString(
            folder.resolve("softhsm2.conf"),
            "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    run(
        configuration,
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "parley",
        "--so-pin",
        "1234",
        "--pin",
        "5678");
    Path provider =
        Files.writeString(
            folder.resolve("p11.cfg"), "name=make\nlibrary=" + library + "\nslotListIndex=0\n");
    Path java = Path.of(System.getProperty("java.home"), "bin");
    run(
        configuration,
        java.resolve("keytool").toString(),
        "-genseckey",
        "-alias",
        "kek",
        "-keyalg",
        "AES",
        "-keysize",
        "256",
        "-keystore",
        "NONE",
        "-storetype",
        "PKCS11",
        "-providerClass",
        "sun.security.pkcs11.SunPKCS11",
        "-providerArg",
        provider.toString(),
        "-storepass",
        "5678");
    String said =
        run(
            configuration,
            java.resolve("java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            DeviceTrial.class.getName(),
            "pkcs11:" + library + "#kek",
            "5678");
    assertThat(said).contains("pkcs11-kek wrapped and unwrapped");
  }

  private static String run(Path configuration, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", configuration.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** What the process does that has a device: ADDRESS PIN. */
  static final class DeviceTrial {
    private DeviceTrial() {}

    public static void main(String[] args) throws Exception {
      KeyEncryptionKey key = KeyAddress.open(args[0], args[1].toCharArray());
      new KeyAddressTest().wrapsAndUnwraps(key, key);
      System.out.println(key.id() + " wrapped and unwrapped");
    }
  }
}
