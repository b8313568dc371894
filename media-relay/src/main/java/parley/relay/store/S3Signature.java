package parley.relay.store;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 of S3 requests, in the Authorization header. No clock, no socket.
 *
 * @param region as the bucket's; other stores take any word that they were set to
 */
record S3Signature(String accessKey, String secretKey, String region) {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** SHA-256 of nothing, in hexadecimal. */
  static final String EMPTY = hex(sha256(new byte[0]));

  /**
   * The headers to send besides those given.
   *
   * @param query decoded; a name without a value has an empty one
   * @param headers all others that are sent and to be signed, but not Host
   * @param payload SHA-256 of the body, in hexadecimal
   */
  Map<String, String> sign(
      String method,
      URI uri,
      SortedMap<String, String> query,
      Map<String, String> headers,
      String payload,
      Instant now) {
    String time = TIME.format(now);
    SortedMap<String, String> signed = new TreeMap<>();
    headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
    signed.put("host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
    signed.put("x-amz-content-sha256", payload);
    signed.put("x-amz-date", time);
    String names = String.join(";", signed.keySet());
    String canonical =
        String.join(
            "\n",
            method,
            uri.getRawPath(),
            query(query),
            signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining()),
            names,
            payload);
    String scope = time.substring(0, 8) + "/" + region + "/s3/aws4_request";
    String toSign = String.join("\n", ALGORITHM, time, scope, hex(sha256(bytes(canonical))));
    byte[] key = hmac(bytes("AWS4" + secretKey), time.substring(0, 8));
    key = hmac(hmac(hmac(key, region), "s3"), "aws4_request");
    return Map.of(
        "x-amz-content-sha256",
        payload,
        "x-amz-date",
        time,
        "Authorization",
        ALGORITHM
            + " Credential="
            + accessKey
            + "/"
            + scope
            + ",SignedHeaders="
            + names
            + ",Signature="
            + hex(hmac(key, toSign)));
  }

  /** As in the address, and as it is signed. */
  static String query(SortedMap<String, String> query) {
    return query.entrySet().stream()
        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** Percent-encoded as S3 wants it: all but letters, digits and {@code -._~}. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  static String hex(byte[] data) {
    return HexFormat.of().formatHex(data);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC", e);
    }
  }

  @Override
  public String toString() {
    return "S3Signature[" + accessKey + "]";
  }
}
