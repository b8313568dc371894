package parley.relay.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Random;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jitsi's SRTP, which others wrote, reads what ours writes, and the other way round. */
class JitsiSrtpOracleTest {

  private static final int SSRC = 0x0badcafe;

  @BeforeAll
  static void useTheJdk() {
    Aes.setFactoryClassName("org.jitsi.srtp.crypto.Aes$SunJCECipherFactory");
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void jitsiReadsOurs(SrtpProfile profile) throws GeneralSecurityException {
    Keys keys = new Keys(profile);
    SrtpTransport ours = keys.ours();
    SrtpContextFactory jitsi = keys.jitsi(false);
    SrtpCryptoContext rtp = jitsi.deriveContext(SSRC, 0);
    SrtcpCryptoContext rtcp = jitsi.deriveControlContext(SSRC);
    for (int sequence = 65_000; sequence < 66_000; sequence++) {
      byte[] plain = SrtpTransportTest.rtp(SSRC, sequence, sequence % 211);
      PacketBuffer packet = SrtpTransportTest.buffer(plain);
      assertThat(ours.protectRtp(packet)).isTrue();
      assertThat(rtp.reverseTransformPacket(new Region(packet), false))
          .isEqualTo(SrtpErrorStatus.OK);
      assertThat(packet.toBytes()).isEqualTo(plain);
    }
    for (int i = 0; i < 100; i++) {
      byte[] plain = SrtpTransportTest.rtcp(SSRC, 8 + 4 * i);
      PacketBuffer packet = SrtpTransportTest.buffer(plain);
      assertThat(ours.protectRtcp(packet)).isTrue();
      assertThat(rtcp.reverseTransformPacket(new Region(packet))).isEqualTo(SrtpErrorStatus.OK);
      assertThat(packet.toBytes()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void weReadJitsis(SrtpProfile profile) throws GeneralSecurityException {
    Keys keys = new Keys(profile);
    SrtpTransport ours = keys.oursReceiving();
    SrtpContextFactory jitsi = keys.jitsi(true);
    SrtpCryptoContext rtp = jitsi.deriveContext(SSRC, 0);
    SrtcpCryptoContext rtcp = jitsi.deriveControlContext(SSRC);
    for (int sequence = 65_000; sequence < 66_000; sequence++) {
      byte[] plain = SrtpTransportTest.rtp(SSRC, sequence, sequence % 211);
      PacketBuffer packet = SrtpTransportTest.buffer(plain);
      assertThat(rtp.transformPacket(new Region(packet))).isEqualTo(SrtpErrorStatus.OK);
      assertThat(ours.unprotectRtp(packet)).as("sequence %d", sequence).isTrue();
      assertThat(packet.toBytes()).isEqualTo(plain);
    }
    for (int i = 0; i < 100; i++) {
      byte[] plain = SrtpTransportTest.rtcp(SSRC, 8 + 4 * i);
      PacketBuffer packet = SrtpTransportTest.buffer(plain);
      assertThat(rtcp.transformPacket(new Region(packet))).isEqualTo(SrtpErrorStatus.OK);
      assertThat(ours.unprotectRtcp(packet)).isTrue();
      assertThat(packet.toBytes()).isEqualTo(plain);
    }
  }

  private static final class Keys {
    final SrtpProfile profile;
    final byte[] key;
    final byte[] salt;
    final byte[] otherKey;
    final byte[] otherSalt;

    Keys(SrtpProfile profile) {
      Random random = new Random(5);
      this.profile = profile;
      key = SrtpTransportTest.bytes(random, profile.keyBytes);
      salt = SrtpTransportTest.bytes(random, profile.saltBytes);
      otherKey = SrtpTransportTest.bytes(random, profile.keyBytes);
      otherSalt = SrtpTransportTest.bytes(random, profile.saltBytes);
    }

    SrtpTransport ours() {
      return SrtpTransports.create(new SrtpKeys(profile, key, salt, otherKey, otherSalt));
    }

    SrtpTransport oursReceiving() {
      return SrtpTransports.create(new SrtpKeys(profile, otherKey, otherSalt, key, salt));
    }

    SrtpContextFactory jitsi(boolean sender) {
      return new SrtpContextFactory(
          sender, key, salt, policy(), policy(), new LoggerImpl("oracle"));
    }

    private SrtpPolicy policy() {
      return switch (profile) {
        case AEAD_AES_128_GCM ->
            new SrtpPolicy(
                SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
        case AES_CM_128_HMAC_SHA1_80 ->
            new SrtpPolicy(
                SrtpPolicy.AESCM_ENCRYPTION, 16, SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, 14);
      };
    }
  }

  /** Our buffer as Jitsi's interface wants it. */
  private record Region(PacketBuffer packet) implements ByteArrayBuffer {
    @Override
    public byte[] getBuffer() {
      return packet.data;
    }

    @Override
    public int getOffset() {
      return packet.offset;
    }

    @Override
    public int getLength() {
      return packet.length;
    }

    @Override
    public void setLength(int length) {
      packet.length = length;
    }

    @Override
    public void setOffset(int offset) {
      packet.offset = offset;
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int offset, int length, byte[] out) {
      System.arraycopy(packet.data, packet.offset + offset, out, 0, length);
    }

    @Override
    public void grow(int bytes) {
      assertThat(packet.tailroom()).isGreaterThanOrEqualTo(bytes);
    }

    @Override
    public void append(byte[] data, int length) {
      System.arraycopy(data, 0, packet.data, packet.offset + packet.length, length);
      packet.length += length;
    }

    @Override
    public void shrink(int bytes) {
      packet.length -= bytes;
    }
  }
}
