package parley.relay.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.message.Message;
import org.junit.jupiter.api.Test;

class Ice4jStunCodecTest {

  private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  /** RFC 5769 §2.1, short-term credentials. */
  private static final byte[] SAMPLE_REQUEST =
      hex(
          "0001 0058 2112a442 b7e7a701bc34d686fa87dfae", // header
          "8022 0010 5354554e207465737420636c69656e74", // SOFTWARE
          "0024 0004 6e0001ff", // PRIORITY
          "8029 0008 932ff9b151263b36", // ICE-CONTROLLED
          "0006 0009 6576746a3a68367659 202020", // USERNAME and padding
          "0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2", // MESSAGE-INTEGRITY
          "8028 0004 e57a3bcf"); // FINGERPRINT

  /** RFC 5769 §2.2. */
  private static final byte[] SAMPLE_IPV4_RESPONSE =
      hex(
          "0101 003c 2112a442 b7e7a701bc34d686fa87dfae",
          "8022 000b 7465737420766563746f72 20",
          "0020 0008 0001a147e112a643",
          "0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7",
          "8028 0004 c07d4c96");

  /** RFC 5769 §2.3. */
  private static final byte[] SAMPLE_IPV6_RESPONSE =
      hex(
          "0101 0048 2112a442 b7e7a701bc34d686fa87dfae",
          "8022 000b 7465737420766563746f72 20",
          "0020 0014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
          "0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41",
          "8028 0004 c8fb0b4c");

  private final StunCodec codec = new Ice4jStunCodec();

  @Test
  void readsTheSampleRequest() {
    StunMessage message = parse(SAMPLE_REQUEST);

    assertThat(message.isBindingRequest()).isTrue();
    assertThat(message.username()).isEqualTo("evtj:h6vY");
    assertThat(message.localUfrag()).isEqualTo("evtj");
    assertThat(message.priority()).isEqualTo(0x6e0001ffL);
    assertThat(message.iceControlled()).isEqualTo(0x932ff9b151263b36L);
    assertThat(message.iceControlling()).isNull();
    assertThat(message.useCandidate()).isFalse();
    assertThat(message.transactionId()).isEqualTo(hex("b7e7a701bc34d686fa87dfae"));
  }

  @Test
  void verifiesTheSamplesWithTheirPasswordOnly() {
    for (byte[] sample :
        new byte[][] {SAMPLE_REQUEST, SAMPLE_IPV4_RESPONSE, SAMPLE_IPV6_RESPONSE}) {
      assertThat(codec.verify(parse(sample), PASSWORD)).isTrue();
      assertThat(codec.verify(parse(sample), PASSWORD + "x")).isFalse();
      assertThat(codec.verify(parse(sample), "")).isFalse();
    }
  }

  @Test
  void refusesAWrongFingerprintOverARightIntegrity() {
    byte[] wrong = SAMPLE_REQUEST.clone();
    wrong[wrong.length - 1] ^= 1;

    assertThat(codec.verify(parse(wrong), PASSWORD)).isFalse();
  }

  @Test
  void refusesEveryFlippedBitUpToTheEndOfMessageIntegrity() {
    for (int bit = 0; bit < (SAMPLE_REQUEST.length - 8) * 8; bit++) {
      byte[] flipped = SAMPLE_REQUEST.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      StunMessage message = codec.tryParse(flipped, 0, flipped.length);
      assertThat(message != null && codec.verify(message, PASSWORD)).as("bit %d", bit).isFalse();
    }
  }

  @Test
  void readsFromTheMiddleOfABuffer() {
    byte[] buffer = new byte[SAMPLE_REQUEST.length + 30];
    System.arraycopy(SAMPLE_REQUEST, 0, buffer, 13, SAMPLE_REQUEST.length);

    StunMessage message = Objects.requireNonNull(codec.tryParse(buffer, 13, SAMPLE_REQUEST.length));

    assertThat(codec.verify(message, PASSWORD)).isTrue();
  }

  @Test
  void refusesEveryTruncationAndTrailingBytes() {
    for (int length = 0; length < SAMPLE_REQUEST.length; length++) {
      assertThat(codec.tryParse(SAMPLE_REQUEST, 0, length)).isNull();
    }
    assertThat(codec.tryParse(Arrays.copyOf(SAMPLE_REQUEST, 120), 0, 120)).isNull();
  }

  @Test
  void believesNothingAfterMessageIntegrity() {
    byte[] signed =
        StunIntegrity.sign(TestChecks.bindingRequest().username("a:b").unsigned(), PASSWORD);
    byte[] extended = Arrays.copyOf(signed, signed.length + 4);
    extended[signed.length + 1] = (byte) StunFrame.USE_CANDIDATE;
    StunIntegrity.putLength(extended, extended.length);

    StunMessage message = parse(extended);

    assertThat(codec.verify(message, PASSWORD)).isTrue();
    assertThat(message.useCandidate()).isFalse();
  }

  @Test
  void tellsKindAndMethodApart() {
    assertThat(parse(TestChecks.message(0x0011).unsigned()).kind())
        .isEqualTo(StunMessage.Kind.INDICATION);
    assertThat(parse(SAMPLE_IPV4_RESPONSE).kind()).isEqualTo(StunMessage.Kind.SUCCESS);
    assertThat(parse(TestChecks.message(0x0111).unsigned()).kind())
        .isEqualTo(StunMessage.Kind.ERROR);
    StunMessage allocate = parse(TestChecks.message(0x0003).unsigned());
    assertThat(allocate.method()).isEqualTo(3);
    assertThat(allocate.isBindingRequest()).isFalse();
  }

  @Test
  void answersWithTheMappedAddressSignedAndSealed() throws Exception {
    for (String address : new String[] {"192.0.2.1", "2001:db8:1234:5678:11:2233:4455:6677"}) {
      StunMessage request = parse(SAMPLE_REQUEST);
      InetSocketAddress mapped = new InetSocketAddress(address, 32853);

      byte[] answer = codec.bindingSuccess(request, mapped, PASSWORD);

      StunMessage parsed = parse(answer);
      assertThat(parsed.kind()).isEqualTo(StunMessage.Kind.SUCCESS);
      assertThat(parsed.transactionId()).isEqualTo(request.transactionId());
      assertThat(parsed.fingerprintOffset()).isPositive();
      assertThat(codec.verify(parsed, PASSWORD)).isTrue();
      Attribute xor =
          Message.decode(unsigned(parsed), 0, parsed.integrityOffset())
              .getAttribute(Attribute.XOR_MAPPED_ADDRESS);
      TransportAddress read = ((XorMappedAddressAttribute) xor).getAddress(request.transactionId());
      assertThat(read.getAddress()).isEqualTo(mapped.getAddress());
      assertThat(read.getPort()).isEqualTo(32853);
    }
  }

  @Test
  void answersTheSampleAddressInTheSampleBytes() {
    StunMessage request = parse(SAMPLE_REQUEST);

    byte[] answer =
        codec.bindingSuccess(request, new InetSocketAddress("192.0.2.1", 32853), PASSWORD);

    assertThat(HexFormat.of().formatHex(answer)).contains("00200008" + "0001a147e112a643");
  }

  @Test
  void writesErrorsWithAndWithoutIntegrity() throws Exception {
    StunMessage request = parse(SAMPLE_REQUEST);

    StunMessage plain = parse(codec.bindingError(request, 401, "Unauthorized", null));
    StunMessage signed = parse(codec.bindingError(request, 487, "Role Conflict", PASSWORD));

    assertThat(plain.kind()).isEqualTo(StunMessage.Kind.ERROR);
    assertThat(plain.hasIntegrity()).isFalse();
    assertThat(codec.verify(signed, PASSWORD)).isTrue();
    ErrorCodeAttribute error =
        (ErrorCodeAttribute)
            Message.decode(unsigned(signed), 0, signed.integrityOffset())
                .getAttribute(Attribute.ERROR_CODE);
    assertThat((int) error.getErrorCode()).isEqualTo(487);
    assertThat(error.getReasonPhrase()).isEqualTo("Role Conflict");
  }

  @Test
  void namesTheAttributesItDoesNotKnowInA420() {
    StunMessage request =
        parse(TestChecks.bindingRequest().attribute(0x7f01, new byte[3]).signed(PASSWORD));

    byte[] answer = codec.bindingError(request, 420, "Unknown Attribute", PASSWORD);

    assertThat(request.unknownRequired()).containsExactly(0x7f01);
    assertThat(HexFormat.of().formatHex(answer)).contains("000a00027f01");
    assertThat(codec.verify(parse(answer), PASSWORD)).isTrue();
  }

  @Test
  void startsNoThread() {
    int before = Thread.getAllStackTraces().size();

    codec.bindingSuccess(
        parse(SAMPLE_REQUEST), new InetSocketAddress("192.0.2.1", 32853), PASSWORD);

    assertThat(Thread.getAllStackTraces()).hasSizeLessThanOrEqualTo(before);
  }

  @Test
  void keepsNamesOutOfToString() {
    assertThat(parse(SAMPLE_REQUEST).toString()).doesNotContain("evtj");
  }

  private StunMessage parse(byte[] bytes) {
    return Objects.requireNonNull(codec.tryParse(bytes, 0, bytes.length));
  }

  private static byte[] unsigned(StunMessage message) {
    byte[] bytes = Arrays.copyOf(message.raw(), message.integrityOffset());
    StunIntegrity.putLength(bytes, bytes.length);
    return bytes;
  }

  private static byte[] hex(String... fields) {
    return HexFormat.of().parseHex(String.join("", fields).replace(" ", ""));
  }

  static byte[] sampleRequest() {
    return SAMPLE_REQUEST.clone();
  }
}
