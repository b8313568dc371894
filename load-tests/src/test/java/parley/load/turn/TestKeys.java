package parley.load.turn;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate with its chain, and its key, made by the JDK's keytool. */
record TestKeys(Path chain, Path key) {

  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";

  /**
   * A self-signed one.
   *
   * @param more options of keytool
   */
  static TestKeys write(Path folder, String... more) throws Exception {
    Path store = folder.resolve("keys.p12");
    server(store, more);
    return read(folder, store);
  }

  /** One that is signed by an authority; {@link #authority} is its certificate. */
  static TestKeys writeSigned(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    keytool(store, AUTHORITY, "-dname", "CN=Tests", "-ext", "bc:c=ca:true");
    server(store, "-signer", AUTHORITY);
    TestKeys keys = read(folder, store);
    KeyStore all = open(store);
    pem(keys.authority(), "CERTIFICATE", all.getCertificate(AUTHORITY).getEncoded());
    return keys;
  }

  Path authority() {
    return chain.resolveSibling("authority.pem");
  }

  private static void server(Path store, String... more) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,dns:calls.example,ip:127.0.0.1,ip:203.0.113.10"));
    Collections.addAll(options, more);
    keytool(store, "one", options.toArray(String[]::new));
  }

  private static void keytool(Path store, String alias, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
    Collections.addAll(command, options);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new AssertionError("keytool: " + said);
    }
  }

  private static KeyStore open(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static TestKeys read(Path folder, Path store) throws Exception {
    KeyStore keys = open(store);
    Path chain = folder.resolve("chain.pem");
    for (Certificate each : keys.getCertificateChain("one")) {
      pem(chain, "CERTIFICATE", each.getEncoded());
    }
    Path key = folder.resolve("key.pem");
    pem(key, "PRIVATE KEY", keys.getKey("one", PASSWORD.toCharArray()).getEncoded());
    return new TestKeys(chain, key);
  }

  /** Adds to the file. */
  private static void pem(Path file, String what, byte[] bytes) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    String text = "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
