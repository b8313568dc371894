package parley.relay.timestamp;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import parley.relay.evidence.SealVerifier;

/**
 * What a time stamping authority has said: that the seal of a recording was there at that moment.
 *
 * @param time on the authority's clock
 * @param authority subject of the certificate that it signed with
 * @param certificate DER; whom to trust is the reader's to decide
 */
public record TimeStamp(Instant time, String authority, byte[] certificate) {

  /** The file's name in the folder of the recording: the authority's whole answer, DER. */
  public static final String FILE = SealVerifier.TIME_STAMP;

  /** Answers have some thousand bytes, with a chain of certificates. */
  private static final int MAX_BYTES = 65_536;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public TimeStamp {
    certificate = certificate.clone();
  }

  @Override
  public byte[] certificate() {
    return certificate.clone();
  }

  /**
   * Asks an authority for a stamp over a closed seal, and puts it beside the recording.
   *
   * @throws IOException with a sentence: not closed, no answer, or not a good one
   */
  public static TimeStamp ask(Path folder, URI authority) throws IOException, InterruptedException {
    byte[] imprint = SealVerifier.imprint(folder);
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    TimeStampRequest request =
        generator.generate(TSPAlgorithms.SHA256, imprint, new BigInteger(64, new SecureRandom()));
    byte[] answer;
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(authority)
                  .timeout(PATIENCE)
                  .header("Content-Type", "application/timestamp-query")
                  .POST(BodyPublishers.ofByteArray(request.getEncoded()))
                  .build(),
              BodyHandlers.ofByteArray());
      if (response.statusCode() != 200 || response.body().length > MAX_BYTES) {
        throw new IOException(authority + " answered " + response.statusCode());
      }
      answer = response.body();
    }
    try {
      new TimeStampResponse(answer).validate(request); // also the nonce
    } catch (TSPException e) {
      throw new IOException(authority + " gave no good stamp: " + e.getMessage(), e);
    }
    TimeStamp stamp = check(answer, imprint);
    Path temporary = folder.resolve("." + FILE + ".tmp");
    Files.write(temporary, answer);
    Files.move(temporary, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    return stamp;
  }

  /**
   * Reads the stamp beside a recording.
   *
   * @throws IOException with a sentence, when it is not over this seal or was changed
   */
  public static TimeStamp read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("the time stamp is longer than any can be");
    }
    return check(Files.readAllBytes(file), SealVerifier.imprint(folder));
  }

  private static TimeStamp check(byte[] answer, byte[] imprint) throws IOException {
    try {
      TimeStampToken token = new TimeStampResponse(answer).getTimeStampToken();
      if (token == null
          || !Arrays.equals(token.getTimeStampInfo().getMessageImprintDigest(), imprint)) {
        throw new IOException("the time stamp is not over this seal");
      }
      Collection<X509CertificateHolder> found = token.getCertificates().getMatches(token.getSID());
      if (found.isEmpty()) {
        throw new IOException("the time stamp lacks the certificate of whoever made it");
      }
      X509CertificateHolder certificate = found.iterator().next();
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(certificate));
      return new TimeStamp(
          token.getTimeStampInfo().getGenTime().toInstant(),
          certificate.getSubject().toString(),
          certificate.getEncoded());
    } catch (TSPException | OperatorCreationException e) {
      throw new IOException("the time stamp does not hold: " + e.getMessage(), e);
    } catch (CertificateException e) {
      throw new IOException("the time stamp's certificate cannot be read", e);
    } catch (RuntimeException e) {
      throw new IOException("the time stamp cannot be understood", e); // the library's parser
    }
  }

  @Override
  public String toString() {
    return time + " by " + authority;
  }
}
