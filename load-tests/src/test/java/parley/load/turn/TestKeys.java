package parley.load.turn;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A self-signed certificate and its key, made by the JDK's keytool. */
record TestKeys(Path chain, Path key) {

  private static final String PASSWORD = "changeit";

  /**
   * @param more options of keytool
   */
  static TestKeys write(Path folder, String... more) throws Exception {
    Path store = folder.resolve("keys.p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "one",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1,ip:203.0.113.10",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
    Collections.addAll(command, more);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new AssertionError("keytool ended with " + keytool.exitValue());
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey("one", PASSWORD.toCharArray()).getEncoded();
    return new TestKeys(
        pem(folder.resolve("chain.pem"), "CERTIFICATE", keys.getCertificate("one").getEncoded()),
        pem(folder.resolve("key.pem"), "PRIVATE KEY", key));
  }

  private static Path pem(Path file, String what, byte[] bytes) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
