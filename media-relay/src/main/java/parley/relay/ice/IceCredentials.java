package parley.relay.ice;

import java.security.SecureRandom;

/** User name fragment and password of one side of an ICE session (RFC 8445 §5.3). */
public record IceCredentials(String ufrag, String pwd) {

  /** RFC 8839 §5.4 wants 24 bits at least; 48 make a collision inside a node improbable. */
  private static final int UFRAG_CHARS = 8;

  /** RFC 8839 §5.4 wants 128 bits at least: 24 characters of 6 bits carry 144. */
  private static final int PWD_CHARS = 24;

  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  public static IceCredentials random(SecureRandom random) {
    return new IceCredentials(chars(random, UFRAG_CHARS), chars(random, PWD_CHARS));
  }

  private static String chars(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    StringBuilder text = new StringBuilder(count);
    for (byte b : bytes) {
      text.append(ICE_CHARS.charAt(b & 0x3f));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "IceCredentials[" + ufrag + "]"; // the password stays out of every log
  }
}
