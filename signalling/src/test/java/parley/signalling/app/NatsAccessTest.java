package parley.signalling.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.NKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.cluster.Bus;
import parley.signalling.cluster.NatsServer;
import parley.signalling.cluster.nats.NatsBus;

/** How a node comes in to NATS servers that let not everybody in, each of them a real one. */
@Tag("slow")
@Timeout(120)
class NatsAccessTest {

  private static final String PASSWORD = "for-this-test";

  @TempDir private Path folder;

  /** A node's end of the bus, with these settings beside the URL. */
  private static Bus open(String url, Map<String, String> more) throws Exception {
    var environment = new HashMap<>(more);
    environment.put("PARLEY_NATS_URL", url);
    NatsConfig config = AppConfig.read(null, environment).nats();
    return NatsBus.open(config.settings(), new SimpleMeterRegistry());
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + ": waited half a minute").isLessThan(deadlineNs);
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** It hears what it says, and the store keeps what it writes. */
  private static void works(Bus bus) throws Exception {
    await("the bus", bus::isUp);
    long revision = bus.leases().create("node.tried", "here").get(20, TimeUnit.SECONDS);
    assertThat(revision).isPositive();
    var heard = new CountDownLatch(1);
    bus.subscribe("parley.tried", said -> heard.countDown());
    await(
        "what was said",
        () -> {
          bus.publish("parley.tried", "hello");
          return heard.getCount() == 0;
        });
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("nats.conf"), text);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  // --- TLS

  @Test
  void comesInByTlsWhenItTrustsTheServersCertificate() throws Exception {
    certificate();
    Path tls =
        config(
            "tls { cert_file: \"%s\", key_file: \"%s\", timeout: 20 }\n"
                .formatted(folder.resolve("server.pem"), folder.resolve("server.key")));
    try (NatsServer server = NatsServer.start(folder, "-c", tls.toString())) {
      String url = server.url().replace("nats://", "tls://");
      Map<String, String> trusting =
          Map.of("PARLEY_NATS_CA_FILE", folder.resolve("server.pem").toString());
      try (Bus node = open(url, trusting)) {
        works(node);
        try (Bus stranger = open(url, Map.of())) {
          // Both had the same time, and one of them came in again meanwhile.
          try (Bus again = open(url, trusting)) {
            await("the bus", again::isUp);
          }
          assertThat(stranger.isUp()).as("it does not trust the server").isFalse();
        }
      }
    }
  }

  /** What an operator's own authority would give him: a certificate for 127.0.0.1, and its key. */
  private void certificate() throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "nats",
                "-keyalg",
                "EC",
                "-dname",
                "CN=nats",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Key key = keys.getKey("nats", PASSWORD.toCharArray());
    file("server.key", pem("PRIVATE KEY", key.getEncoded()));
    file("server.pem", pem("CERTIFICATE", keys.getCertificate("nats").getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  // --- NKeys

  @Test
  void comesInWithTheNkeyThatTheServerKnows() throws Exception {
    NKey user = NKey.createUser(null);
    Path one = config("authorization { users = [ { nkey: %s } ] }\n".formatted(publicKey(user)));
    Path seed = file("node.nk", new String(user.getSeed()) + "\n");
    Path other = file("other.nk", new String(NKey.createUser(null).getSeed()) + "\n");
    try (NatsServer server = NatsServer.start(folder, "-c", one.toString());
        Bus node = open(server.url(), Map.of("PARLEY_NATS_NKEY_FILE", seed.toString()));
        Bus stranger = open(server.url(), Map.of("PARLEY_NATS_NKEY_FILE", other.toString()))) {
      works(node);
      assertThat(stranger.isUp()).isFalse();
    }
  }

  // --- credentials: an operator vouches for accounts, an account for users

  @Test
  void comesInWithCredentialsOfAnAccountAndNotWithThoseOfAnother() throws Exception {
    NKey operator = NKey.createOperator(null);
    NKey system = NKey.createAccount(null);
    NKey account = NKey.createAccount(null);
    String unlimited =
        "\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,"
            + "\"conn\":-1,\"leaf\":-1";
    String stores = ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1";
    String ofAccount = "{\"limits\":{%s},\"type\":\"account\",\"version\":2}";
    Path trusted =
        config(
            """
            operator: %s
            system_account: %s
            resolver: MEMORY
            resolver_preload: {
              %s: %s
              %s: %s
            }
            """
                .formatted(
                    jwt(operator, operator, "{\"type\":\"operator\",\"version\":2}"),
                    publicKey(system),
                    publicKey(system),
                    jwt(operator, system, ofAccount.formatted(unlimited)),
                    publicKey(account),
                    jwt(operator, account, ofAccount.formatted(unlimited + stores))));
    Path mine = credentials("node.creds", account);
    Path others = credentials("other.creds", NKey.createAccount(null));
    try (NatsServer server = NatsServer.start(folder, "-c", trusted.toString());
        Bus node = open(server.url(), Map.of("PARLEY_NATS_CREDENTIALS_FILE", mine.toString()));
        Bus stranger =
            open(server.url(), Map.of("PARLEY_NATS_CREDENTIALS_FILE", others.toString()))) {
      works(node);
      assertThat(stranger.isUp()).isFalse();
    }
  }

  /** As {@code nsc generate creds} writes them. */
  private Path credentials(String name, NKey account) throws Exception {
    NKey user = NKey.createUser(null);
    String token =
        jwt(
            account,
            user,
            "{\"pub\":{},\"sub\":{},\"subs\":-1,\"data\":-1,\"payload\":-1,\"type\":\"user\","
                + "\"version\":2}");
    return file(
        name,
        """
        -----BEGIN NATS USER JWT-----
        %s
        ------END NATS USER JWT------

        -----BEGIN USER NKEY SEED-----
        %s
        ------END USER NKEY SEED------
        """
            .formatted(token, new String(user.getSeed())));
  }

  private static String jwt(NKey issuer, NKey subject, String nats) {
    String claims =
        "{\"iat\":%d,\"iss\":\"%s\",\"sub\":\"%s\",\"name\":\"test\",\"jti\":\"test\",\"nats\":%s}"
            .formatted(Instant.now().getEpochSecond(), publicKey(issuer), publicKey(subject), nats);
    String signed =
        base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}".getBytes(UTF_8))
            + "."
            + base64(claims.getBytes(UTF_8));
    try {
      return signed + "." + base64(issuer.sign(signed.getBytes(US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String publicKey(NKey key) {
    try {
      return new String(key.getPublicKey());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
