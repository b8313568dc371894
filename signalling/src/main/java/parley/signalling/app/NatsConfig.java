package parley.signalling.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import parley.signalling.cluster.nats.NatsSettings;
import parley.signalling.settings.Setting;
import parley.signalling.settings.SettingsException;

/** Several nodes that are one server, through NATS. */
record NatsConfig(
    @Setting("Servers, like nats://10.0.0.5:4222 or tls://…; empty: this node is alone")
        List<String> url,
    @Setting(
            value = "File with this node's credentials (.creds: a JWT and its seed)",
            optional = true)
        String credentialsFile,
    @Setting(value = "File with the seed of an NKey instead", optional = true) String nkeyFile,
    @Setting(
            value = "Certificates (PEM) to trust for tls://; empty: those that Java trusts",
            optional = true)
        String caFile,
    @Setting("What all subjects and the bucket begin with; installations that share NATS differ")
        String prefix,
    @Setting(value = "On how many servers of a NATS cluster the bucket is kept", min = 1, max = 5)
        int replicas,
    @Setting(value = "This node's name for people; empty: the machine's", optional = true)
        String node,
    @Setting(value = "Where it stands; calls are placed near those who begin them", optional = true)
        String region,
    @Setting(
            value = "A node that was not heard for so long is dead, and its calls go on elsewhere",
            min = 500,
            max = 60_000)
        int leaseMs,
    @Setting(
            value = "How long a node that ends may take to hand its calls over",
            min = 1,
            max = 3_600)
        int drainS,
    @Setting(
            value = "How many devices of one call a node carries; further ones go to other nodes",
            min = 2,
            max = 100_000)
        int share) {

  private static final Pattern SERVER = Pattern.compile("(nats|tls|ws|wss)://[^\\s,@/]+");

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9-]{1,32}");

  NatsConfig {
    for (String server : url) {
      if (!SERVER.matcher(server).matches()) {
        throw new IllegalArgumentException(
            "url: \"" + server + "\" is no NATS server; right would be like nats://10.0.0.5:4222");
      }
    }
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "prefix: right would be up to 32 letters, digits and dashes");
    }
    if (!credentialsFile.isEmpty() && !nkeyFile.isEmpty()) {
      throw new IllegalArgumentException(
          "credentials_file and nkey_file are both set; right would be one of them");
    }
  }

  /**
   * Three voices to each are 45,000 packets a second: what one media loop does in half its time.
   */
  private static final int SHARE = 300;

  static NatsConfig defaults() {
    return new NatsConfig(List.of(), "", "", "", "parley", 1, "", "", 3_000, 25, SHARE);
  }

  boolean isSet() {
    return !url.isEmpty();
  }

  /** The name of this node, as it is for people. */
  String name() {
    if (!node.isEmpty()) {
      return node;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  /**
   * @throws SettingsException when a file cannot be read
   */
  NatsSettings settings() throws SettingsException {
    return new NatsSettings(
        url, name(), prefix, replicas, readable(credentialsFile), seed(), trust());
  }

  private static String readable(String file) throws SettingsException {
    if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
      throw new SettingsException("nats.credentials_file", file + " cannot be read");
    }
    return file;
  }

  private String seed() throws SettingsException {
    try {
      return nkeyFile.isEmpty() ? "" : Files.readString(Path.of(nkeyFile)).strip();
    } catch (IOException e) {
      throw new SettingsException("nats.nkey_file", nkeyFile + " cannot be read: " + e);
    }
  }

  private Optional<SSLContext> trust() throws SettingsException {
    if (caFile.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(Path.of(caFile))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + count++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return Optional.of(context);
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingsException("nats.ca_file", caFile + " holds no certificates to trust: " + e);
    }
  }
}
