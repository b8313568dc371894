package parley.stun.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The certificate's files: whether they belong together, for whom, until when, from whom. */
final class CertificateCheck {

  private static final String CHECK = "certificate";
  private static final Duration SOON = Duration.ofDays(14);
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final String HARM =
      "Browsers refuse it: no pages, and no calls for people behind hard firewalls.";

  private final Installation installation;

  CertificateCheck(Installation installation) {
    this.installation = installation;
  }

  Finding run() {
    if (installation.certificate().isEmpty()) {
      return Finding.skipped(CHECK, "No certificate is set (turn.certificate).");
    }
    try {
      List<X509Certificate> chain = chain(Path.of(installation.certificate()));
      X509Certificate own = chain.getFirst();
      if (!belongs(own, Path.of(installation.key()))) {
        return Finding.wrong(
            CHECK,
            "The key "
                + installation.key()
                + " is not the one of the first certificate in "
                + installation.certificate()
                + ".",
            HARM,
            "Put the server's own certificate first, then the intermediate ones; set turn.key to"
                + " its key.");
      }
      return judge(chain, own);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return Finding.wrong(
          CHECK,
          "The certificate or its key cannot be read (" + e.getMessage() + ").",
          HARM,
          "Both have to be PEM files, the key unencrypted PKCS#8.");
    }
  }

  private Finding judge(List<X509Certificate> chain, X509Certificate own)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    Instant ends = own.getNotAfter().toInstant();
    String name = installation.ownName();
    if (ends.isBefore(now)) {
      return Finding.wrong(
          CHECK,
          "The certificate ended on " + ends + ".",
          HARM,
          "Renew it; it is read again by itself.");
    }
    if (own.getNotBefore().toInstant().isAfter(now)) {
      return Finding.wrong(
          CHECK,
          "The certificate is good only from " + own.getNotBefore().toInstant() + " on.",
          HARM,
          "Set this machine's clock, or wait.");
    }
    if (!name.isEmpty() && !isFor(own, name)) {
      return Finding.wrong(
          CHECK,
          "The certificate is not for " + name + ", but for " + names(own) + ".",
          HARM,
          "Have one made for " + name + ", or set turn.host to a name that it has.");
    }
    String untrusted = untrusted(chain);
    if (!untrusted.isEmpty()) {
      return Finding.wrong(
          CHECK,
          "The certificate's chain leads to no authority that is known here (" + untrusted + ").",
          HARM,
          "Put the intermediate certificates behind the own one in turn.certificate, or use an"
              + " authority that browsers know.");
    }
    long days = Duration.between(now, ends).toDays();
    return ends.isBefore(now.plus(SOON))
        ? Finding.warning(
            CHECK,
            "The certificate ends in %d days.".formatted(days),
            "Then browsers refuse it.",
            "Renew it; it is read again by itself.")
        : Finding.ok(CHECK, "The certificate is good for %d days.".formatted(days));
  }

  private static List<X509Certificate> chain(Path file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> chain = new ArrayList<>();
      CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .forEach(each -> chain.add((X509Certificate) each));
      if (chain.isEmpty()) {
        throw new CertificateException(file + " holds no certificate");
      }
      return chain;
    }
  }

  /** Whether what the key signs, the certificate confirms. */
  private static boolean belongs(X509Certificate own, Path file)
      throws IOException, GeneralSecurityException {
    String pem = Files.readString(file, StandardCharsets.US_ASCII);
    String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
    byte[] encoded = Base64.getMimeDecoder().decode(base64);
    String kind = own.getPublicKey().getAlgorithm();
    PrivateKey key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    String algorithm =
        switch (kind) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> kind;
        };
    byte[] probe = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(own.getPublicKey());
    signature.update(probe);
    return signature.verify(signed);
  }

  private static boolean isFor(X509Certificate own, String name) throws CertificateException {
    String wanted = name.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    String wildcard = dot < 0 ? "" : "*" + wanted.substring(dot);
    return names(own).stream()
        .map(each -> each.toLowerCase(Locale.ROOT))
        .anyMatch(each -> each.equals(wanted) || each.equals(wildcard));
  }

  private static List<String> names(X509Certificate own) throws CertificateException {
    List<String> names = new ArrayList<>();
    var alternatives = own.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> each : alternatives) {
        if (each.get(0) instanceof Integer type && (type == DNS_NAME || type == IP_ADDRESS)) {
          names.add(String.valueOf(each.get(1)));
        }
      }
    }
    return names;
  }

  /** Why the system's authorities do not vouch for it; empty: they do. */
  private static String untrusted(List<X509Certificate> chain) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509TrustManager trust) {
        try {
          trust.checkServerTrusted(
              chain.toArray(X509Certificate[]::new),
              chain.getFirst().getPublicKey().getAlgorithm());
        } catch (CertificateException e) {
          return String.valueOf(e.getMessage());
        }
      }
    }
    return "";
  }
}
