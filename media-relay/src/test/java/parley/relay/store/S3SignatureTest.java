package parley.relay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples in Amazon's description of Signature Version 4 for S3. */
class S3SignatureTest {

  private static final S3Signature SIGNATURE =
      new S3Signature(
          "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1");
  private static final Instant THEN = Instant.parse("2013-05-24T00:00:00Z");
  private static final URI HOST = URI.create("https://examplebucket.s3.amazonaws.com/");

  private static String signed(
      String method, URI uri, Map<String, String> query, Map<String, String> headers) {
    return SIGNATURE
        .sign(method, uri, new TreeMap<>(query), headers, S3Signature.EMPTY, THEN)
        .getOrDefault("Authorization", "");
  }

  @Test
  void signsAsInTheExampleOfGettingAnObject() {
    assertThat(signed("GET", HOST.resolve("/test.txt"), Map.of(), Map.of("Range", "bytes=0-9")))
        .isEqualTo(
            "AWS4-HMAC-SHA256"
                + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void signsAsInTheExampleOfABucketsLifecycle() {
    assertThat(signed("GET", HOST, Map.of("lifecycle", ""), Map.of()))
        .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }

  @Test
  void signsAsInTheExampleOfListing() {
    assertThat(signed("GET", HOST, Map.of("max-keys", "2", "prefix", "J"), Map.of()))
        .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }
}
