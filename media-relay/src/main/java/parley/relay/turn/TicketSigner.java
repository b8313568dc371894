package parley.relay.turn;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tickets by which an allocation follows its client (RFC 8016 §5): random bits that stand for it,
 * and a code over them, by which one that has run out is told from one that was never made. They
 * hold nothing else, so there is nothing to encrypt. They are 32 letters of Base64: coturn's client
 * keeps a ticket as text of that length at most.
 */
final class TicketSigner {

  /** 128 bits nobody guesses. */
  private static final int NAME_BYTES = 16;

  /** Whoever guesses it learns that there is no such allocation. */
  private static final int CODE_BYTES = 8;

  private static final Base64.Encoder ENCODER = Base64.getEncoder();

  private final SecureRandom random = new SecureRandom();
  private final Mac mac;

  TicketSigner() {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, mac.getAlgorithm()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  byte[] make() {
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    byte[] ticket = Arrays.copyOf(name, NAME_BYTES + CODE_BYTES);
    System.arraycopy(code(name), 0, ticket, NAME_BYTES, CODE_BYTES);
    return ENCODER.encode(ticket);
  }

  /** Whether it was made here, whatever has become of its allocation. */
  boolean isOurs(byte[] shown) {
    byte[] ticket;
    try {
      ticket = Base64.getDecoder().decode(shown);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return ticket.length == NAME_BYTES + CODE_BYTES
        && MessageDigest.isEqual(
            code(Arrays.copyOf(ticket, NAME_BYTES)),
            Arrays.copyOfRange(ticket, NAME_BYTES, ticket.length));
  }

  private byte[] code(byte[] name) {
    return Arrays.copyOf(mac.doFinal(name), CODE_BYTES);
  }
}
