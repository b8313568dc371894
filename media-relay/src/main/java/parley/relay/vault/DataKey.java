package parley.relay.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one recording: 256 random bits, from which the key of every track comes by HKDF (RFC
 * 5869). It is kept nowhere but wrapped; when its wrapping is gone, so is what it protects.
 */
public final class DataKey {

  private static final int BYTES = 32;
  private static final int ID_BYTES = 16;

  private final byte[] secret;

  private DataKey(byte[] secret) {
    this.secret = secret;
  }

  /** A new one. */
  public static DataKey create(SecureRandom random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return new DataKey(secret);
  }

  /**
   * One that was wrapped.
   *
   * @throws GeneralSecurityException when this is no such key
   */
  static DataKey of(byte[] secret) throws GeneralSecurityException {
    if (secret.length != BYTES) {
      throw new GeneralSecurityException("a data key has 32 bytes, this one " + secret.length);
    }
    return new DataKey(secret.clone());
  }

  /** Names the key and commits to it, without telling anything of it: 32 hexadecimal digits. */
  public String id() {
    return HexFormat.of().formatHex(derive("parley-key-id 1", ID_BYTES));
  }

  /**
   * The AES-256 key of one track.
   *
   * @param call uid of the call
   * @param file name of the track's file
   */
  SecretKey track(String call, String file) {
    return new SecretKeySpec(derive("parley-track 1\0" + call + "\0" + file, BYTES), "AES");
  }

  byte[] secret() {
    return secret.clone();
  }

  private byte[] derive(String info, int length) {
    return derive(secret, info, length);
  }

  static byte[] derive(byte[] secret, String info, int length) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(secret)
                  .thenExpand(info.getBytes(StandardCharsets.UTF_8), length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has HKDF", e);
    }
  }

  /** Forgets it, as far as a JVM can. */
  public void destroy() {
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public String toString() {
    return "DataKey[" + id() + "]";
  }
}
