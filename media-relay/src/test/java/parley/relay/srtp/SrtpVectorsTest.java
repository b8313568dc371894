package parley.relay.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.relay.srtp.KeyDerivation.Label;

/** The published vectors: RFC 3711 appendix B, RFC 7714 §16 and §17, RFC 2202 for HMAC-SHA1. */
class SrtpVectorsTest {

  private static final byte[] GCM_KEY = hex("000102030405060708090a0b0c0d0e0f");
  private static final byte[] GCM_SALT = hex("517569642070726f2071756f");

  @Test
  void derivesTheSessionKeysOfRfc3711B3() {
    KeyDerivation keys =
        new KeyDerivation(
            hex("E1F97A0D3E018BE0D64FA32C06DE4139"), hex("0EC675AD498AFEEBB6960B3AABE6"));

    assertThat(keys.derive(Label.RTP_ENCRYPTION, 16))
        .isEqualTo(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    assertThat(keys.derive(Label.RTP_SALT, 14)).isEqualTo(hex("30CBBC08863D8C85D49DB34A9AE1"));
    assertThat(keys.derive(Label.RTP_AUTHENTICATION, 94))
        .isEqualTo(
            hex(
                "CEBE321F6FF7716B6FD4AB49AF256A15",
                "6D38BAA48F0A0ACF3C34E2359E6CDBCE",
                "E049646C43D9327AD175578EF7227098",
                "6371C10C9A369AC2F94A8C5FBCDDDC25",
                "6D6E919A48B610EF17C2041E47403576",
                "6B68642C59BBFC2F34DB60DBDFB2"));
  }

  @Test
  void makesTheKeystreamOfRfc3711B2() {
    CounterModeCipher.CounterKeystream keystream =
        new CounterModeCipher.CounterKeystream(
            hex("2B7E151628AED2A6ABF7158809CF4F3C"), hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
    byte[] data = new byte[48];

    keystream.apply(data, 0, data.length, 0, 0);

    assertThat(data)
        .isEqualTo(
            hex(
                "E03EAD0935C95E80E166B16DD92B4EB4",
                "D23513162B02D0F72A43A2FE4A5F97AB",
                "41E95B3BB0A2E8DD477901E4FCA894C0"));
  }

  @Test
  void signsAsRfc2202() {
    byte[] key = new byte[20];
    Arrays.fill(key, (byte) 0x0b);
    byte[] data = "Hi There".getBytes(StandardCharsets.US_ASCII);
    byte[] tag = new byte[20];

    new HmacSha1(key).sign(data, 0, data.length, tag);

    assertThat(tag).isEqualTo(hex("b617318655057264e28bc0b6fb378c8ef146be00"));
  }

  /** The JDK's and, where this system has it, libcrypto's. */
  static Stream<PacketCipher> gcmCiphers() {
    Libcrypto library = Libcrypto.get();
    PacketCipher jdk = new GcmCipher(GCM_KEY, GCM_SALT, GCM_KEY, GCM_SALT);
    return library == null
        ? Stream.of(jdk)
        : Stream.of(
            jdk,
            new LibcryptoGcmCipher(
                library, new CipherMemory(), GCM_KEY, GCM_SALT, GCM_KEY, GCM_SALT));
  }

  @ParameterizedTest
  @MethodSource("gcmCiphers")
  void sealsTheRtpPacketOfRfc7714Section16(PacketCipher cipher) {
    byte[] plain =
        hex(
            "8040f17b8041f8d35501a0b2",
            "47616c6c696120657374206f6d6e697320646976697361",
            "20696e207061727465732074726573");
    byte[] sealed =
        hex(
            "8040f17b8041f8d35501a0b2",
            "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833",
            "899d7f27beb16a9152cf765ee4390cce");
    PacketBuffer packet = new PacketBuffer().set(plain, 0, plain.length);

    cipher.protectRtp(packet.data, 0, 12, plain.length, 0x5501a0b2, 0xf17b);
    packet.length += 16;
    assertThat(packet.toBytes()).isEqualTo(sealed);

    assertThat(cipher.unprotectRtp(packet.data, 0, 12, sealed.length, 0x5501a0b2, 0xf17b)).isTrue();
    packet.length -= 16;
    assertThat(packet.toBytes()).isEqualTo(plain);
  }

  @ParameterizedTest
  @MethodSource("gcmCiphers")
  void sealsTheRtcpPacketOfRfc7714Section17(PacketCipher cipher) {
    byte[] plain =
        hex(
            "81c8000d4d617273",
            "4e5450314e545032525450200000042a0000e9304c756e61",
            "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
    byte[] sealed =
        hex(
            "81c8000d4d617273",
            "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda",
            "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade",
            "800005d4");
    PacketBuffer packet = new PacketBuffer().set(plain, 0, plain.length);

    cipher.protectRtcp(packet.data, 0, plain.length, 0x4d617273, 0x5d4);
    packet.length += 20;
    assertThat(packet.toBytes()).isEqualTo(sealed);

    assertThat(cipher.rtcpIndexWord(packet.data, 0, packet.length)).isEqualTo(0x800005d4);
    assertThat(cipher.unprotectRtcp(packet.data, 0, sealed.length, 0x4d617273, 0x5d4)).isTrue();
    packet.length -= 20;
    assertThat(packet.toBytes()).isEqualTo(plain);
  }

  private static byte[] hex(String... parts) {
    return HexFormat.of().parseHex(String.join("", parts));
  }
}
