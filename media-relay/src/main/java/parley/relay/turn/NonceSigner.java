package parley.relay.turn;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that need no memory: the cookie of RFC 8489 §9.2 with the security features, then the time
 * it was made and a code over that and the client's address and port. A nonce is good there only,
 * so who can present one has been sent it there, and nobody else is given the same (RFC 8489
 * §9.2.4).
 */
final class NonceSigner {

  static final String COOKIE = "obMatJos2";

  /** Bits 0 and 1 of the security features (RFC 8489 §18.1). */
  private static final int PASSWORD_ALGORITHMS = 0x800000;

  private static final int USERNAME_ANONYMITY = 0x400000;

  private static final int TIME_BYTES = 8;

  /** 96 bits: guessing one takes longer than it is good for. */
  private static final int CODE_BYTES = 12;

  private static final Base64.Encoder ENCODER = Base64.getEncoder();

  private final Mac mac;
  private final String prefix;
  private final long goodForNs;

  /**
   * @param secret known to nobody else
   * @param anonymity whether user names may come as hashes
   */
  NonceSigner(byte[] secret, boolean anonymity, long goodForNs) {
    this.goodForNs = goodForNs;
    int features = PASSWORD_ALGORITHMS | (anonymity ? USERNAME_ANONYMITY : 0);
    byte[] three = {(byte) (features >> 16), (byte) (features >> 8), (byte) features};
    this.prefix = COOKIE + ENCODER.encodeToString(three);
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, mac.getAlgorithm()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  String make(InetSocketAddress client, long nowNs) {
    byte[] body = new byte[TIME_BYTES + CODE_BYTES];
    Bytes.put64(body, 0, nowNs);
    System.arraycopy(code(body, client), 0, body, TIME_BYTES, CODE_BYTES);
    return prefix + ENCODER.encodeToString(body);
  }

  /** Whether it was made here, for this address and port, and not too long ago. */
  boolean isGood(String nonce, InetSocketAddress client, long nowNs) {
    if (!nonce.startsWith(prefix)) {
      return false;
    }
    byte[] body;
    try {
      body = Base64.getDecoder().decode(nonce.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (body.length != TIME_BYTES + CODE_BYTES
        || !MessageDigest.isEqual(
            code(body, client), Arrays.copyOfRange(body, TIME_BYTES, body.length))) {
      return false;
    }
    long age = nowNs - Bytes.int64(body, 0);
    return age >= 0 && age < goodForNs;
  }

  /** Whether a nonce says that its maker knows password algorithms (RFC 8489 §9.2.4). */
  static boolean offersAlgorithms(String nonce) {
    int at = COOKIE.length();
    if (!nonce.startsWith(COOKIE) || nonce.length() < at + 4) {
      return false;
    }
    try {
      byte[] features =
          Base64.getDecoder().decode(nonce.substring(at, at + 4).getBytes(StandardCharsets.UTF_8));
      return (features[0] & PASSWORD_ALGORITHMS >> 16) != 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private byte[] code(byte[] body, InetSocketAddress client) {
    mac.update(body, 0, TIME_BYTES);
    mac.update((byte) (client.getPort() >> 8));
    mac.update((byte) client.getPort());
    return Arrays.copyOf(mac.doFinal(client.getAddress().getAddress()), CODE_BYTES);
  }
}
