package parley.relay.dtls;

import java.security.SecureRandom;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.gcm.BasicGCMMultiplier;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Bouncy Castle's cryptography without GCM's tables of ten kilobytes for each direction: a DTLS
 * session, which stays as long as its client, encrypts a handful of short records in its life, and
 * multiplying bit by bit takes some microseconds for each.
 */
final class CompactCrypto extends BcTlsCrypto {

  CompactCrypto(SecureRandom entropy) {
    super(entropy);
  }

  @Override
  protected AEADBlockCipher createGCMMode(BlockCipher cipher) {
    return GCMBlockCipher.newInstance(cipher, new BasicGCMMultiplier());
  }
}
