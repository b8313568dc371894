package parley.relay.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.Finding;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;

/** With an authority of its own, by the library's generator. */
@Timeout(60)
class TimeStampTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path folder;

  private final TimeStampTokenGenerator tokens;
  private final HttpServer server;

  TimeStampTest() throws Exception {
    tokens = authority();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private static TimeStampTokenGenerator authority() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    KeyPair pair = generator.generateKeyPair();
    var name = new X500Name("CN=Stamps of the test");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(Instant.EPOCH),
            Date.from(Instant.parse("2100-01-01T00:00:00Z")),
            name,
            pair.getPublic());
    builder.addExtension(
        Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
    X509CertificateHolder certificate =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    var digests = new JcaDigestCalculatorProviderBuilder().build();
    var tokens =
        new TimeStampTokenGenerator(
            new JcaSimpleSignerInfoGeneratorBuilder()
                .build("SHA256withECDSA", pair.getPrivate(), certificate),
            digests.get(new AlgorithmIdentifier(TSPAlgorithms.SHA256)),
            new ASN1ObjectIdentifier("1.2.3.4"));
    tokens.addCertificates(new JcaCertStore(List.of(certificate)));
    return tokens;
  }

  @BeforeEach
  void start() throws Exception {
    server.createContext(
        "/",
        exchange -> {
          try {
            var request = new TimeStampRequest(exchange.getRequestBody().readAllBytes());
            byte[] answer =
                new TimeStampResponseGenerator(tokens, Set.of(TSPAlgorithms.SHA256.getId()))
                    .generate(request, BigInteger.TEN, Date.from(NOON))
                    .getEncoded();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          } catch (TSPException e) {
            exchange.sendResponseHeaders(500, -1);
          }
          exchange.close();
        });
    server.start();
    Files.writeString(folder.resolve("call.json"), "{}");
    try (Seal seal = Seal.begin(folder, "call", NOON, KEY)) {
      seal.document("call.json");
      seal.end(Seal.End.COMPLETE, NOON);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI authorityUri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @Test
  void stampsASealAndShowsWhen() throws Exception {
    TimeStamp.ask(folder, authorityUri());

    TimeStamp stamp = TimeStamp.read(folder);
    assertThat(stamp.time()).isEqualTo(NOON);
    assertThat(stamp.authority()).isEqualTo("CN=Stamps of the test");
    assertThat(SealVerifier.verify(folder, KEY.publicKey()).findings()).isEmpty();
  }

  @Test
  void findsEveryChangedByteOfAStamp() throws Exception {
    TimeStamp.ask(folder, authorityUri());
    byte[] whole = Files.readAllBytes(folder.resolve(TimeStamp.FILE));
    int unnoticed = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(folder.resolve(TimeStamp.FILE), changed);
      try {
        TimeStamp stamp = TimeStamp.read(folder);
        // Of the authority's certificate only its key counts here: whom to trust is another matter.
        assertThat(stamp.time()).isEqualTo(NOON);
        unnoticed++;
      } catch (IOException e) {
        assertThat(e.getMessage()).contains("time stamp");
      }
    }
    assertThat(unnoticed).as("of %d bytes", whole.length).isLessThan(whole.length / 2);
  }

  @Test
  void isNoStampOfAnotherRecording() throws Exception {
    TimeStamp.ask(folder, authorityUri());
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("call.json"), "{\"other\": 1}");
    try (Seal seal = Seal.begin(other, "call", NOON, KEY)) {
      seal.document("call.json");
      seal.end(Seal.End.COMPLETE, NOON);
    }
    Files.copy(folder.resolve(TimeStamp.FILE), other.resolve(TimeStamp.FILE));

    assertThatThrownBy(() -> TimeStamp.read(other))
        .isInstanceOf(IOException.class)
        .hasMessage("the time stamp is not over this seal");
    assertThat(SealVerifier.verify(other, KEY.publicKey()).findings())
        .extracting(Finding::file)
        .containsExactly(TimeStamp.FILE);
  }

  @Test
  void stampsNothingThatIsNotClosed() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Seal.begin(open, "call", NOON, KEY).close();
    assertThatThrownBy(() -> TimeStamp.ask(open, authorityUri()))
        .hasMessageContaining("not closed");
  }
}
