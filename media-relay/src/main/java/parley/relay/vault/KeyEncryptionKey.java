package parley.relay.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * What data keys are wrapped with. May talk to a device: blocks, and can fail at any time. Safe for
 * several threads.
 */
public interface KeyEncryptionKey {

  /** Names the key, in one word; tells nothing of it. */
  String id();

  /** How it wraps, in one word. */
  String method();

  /** Whether it can also unwrap; a public key cannot. */
  boolean unwraps();

  /**
   * @return what only the holder of this key, or of its private half, can turn back
   * @throws GeneralSecurityException when the key, or the device that has it, does not work
   */
  byte[] wrap(DataKey key) throws GeneralSecurityException;

  /**
   * @param id of the data key, which is authenticated with it
   * @throws GeneralSecurityException when it was changed, or wrapped with another key
   */
  DataKey unwrap(byte[] wrapped, String id) throws GeneralSecurityException;

  /** What is authenticated with a wrapped key: that it is one, and which. */
  static byte[] context(String dataKeyId) {
    return ("parley-wrap 1 " + dataKeyId).getBytes(StandardCharsets.US_ASCII);
  }

  /** An unwrapped key must be the one that was asked for. */
  static DataKey checked(byte[] secret, String id) throws GeneralSecurityException {
    DataKey key = DataKey.of(secret);
    if (!key.id().equals(id)) {
      throw new GeneralSecurityException("it is the key of another recording");
    }
    return key;
  }
}
