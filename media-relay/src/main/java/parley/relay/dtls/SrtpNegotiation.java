package parley.relay.dtls;

import java.util.Arrays;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;

/** The use_srtp extension's choice and the keys that follow from it (RFC 5764 §4.1, §4.2). */
final class SrtpNegotiation {

  private SrtpNegotiation() {}

  /** The first of our profiles, in our order, that the peer lists; null if none. */
  static @Nullable SrtpProfile choose(int[] offered) {
    for (SrtpProfile profile : SrtpProfile.values()) {
      if (Arrays.stream(offered).anyMatch(id -> id == profile.id)) {
        return profile;
      }
    }
    return null;
  }

  /** Exports the keying material: client key, server key, client salt, server salt. */
  static SrtpKeys export(TlsContext context, SrtpProfile profile, boolean isServer) {
    int key = profile.keyBytes;
    int salt = profile.saltBytes;
    byte[] material = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
    byte[] clientKey = Arrays.copyOfRange(material, 0, key);
    byte[] serverKey = Arrays.copyOfRange(material, key, 2 * key);
    byte[] clientSalt = Arrays.copyOfRange(material, 2 * key, 2 * key + salt);
    byte[] serverSalt = Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt));
    Arrays.fill(material, (byte) 0);
    return isServer
        ? new SrtpKeys(profile, serverKey, serverSalt, clientKey, clientSalt)
        : new SrtpKeys(profile, clientKey, clientSalt, serverKey, serverSalt);
  }
}
