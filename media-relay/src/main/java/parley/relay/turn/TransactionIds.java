package parley.relay.turn;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Transaction ids of indications. They have to be cryptographically random (RFC 8489 §5), and there
 * is one for every packet: the key stream of a cipher costs a tenth of what {@link SecureRandom}
 * does. Allocates nothing.
 */
final class TransactionIds {

  private static final int AES_BYTES = 16;

  /** So many at once that the cipher's start does not count, and so few that nobody waits. */
  private static final int AHEAD_BYTES = 128 * StunReader.TRANSACTION_ID_BYTES;

  private final Cipher cipher;
  private final byte[] zeros = new byte[AHEAD_BYTES];
  private final byte[] ahead = new byte[AHEAD_BYTES];
  private int used = AHEAD_BYTES;

  TransactionIds() {
    byte[] key = new byte[AES_BYTES];
    byte[] start = new byte[AES_BYTES];
    var random = new SecureRandom();
    random.nextBytes(key);
    random.nextBytes(start);
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(start));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES", e);
    }
  }

  /** Writes the next one. */
  void put(byte[] data, int at) {
    if (used == AHEAD_BYTES) {
      try {
        cipher.update(zeros, 0, AHEAD_BYTES, ahead, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a stream cipher fills as much as it is given", e);
      }
      used = 0;
    }
    System.arraycopy(ahead, used, data, at, StunReader.TRANSACTION_ID_BYTES);
    used += StunReader.TRANSACTION_ID_BYTES;
  }
}
