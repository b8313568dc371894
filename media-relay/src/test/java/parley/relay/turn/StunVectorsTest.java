package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The messages of RFC 5769 and of RFC 8489 appendix B (the latter as its erratum 6268 has it). */
class StunVectorsTest {

  private static final byte[] PASSWORD =
      "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] REQUEST =
      hex(
          """
          0001 0058 2112a442 b7e7a701bc34d686fa87dfae
          8022 0010 5354554e207465737420636c69656e74
          0024 0004 6e0001ff
          8029 0008 932ff9b151263b36
          0006 0009 6576746a3a68367659 202020
          0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
          8028 0004 e57a3bcf
          """);

  private static final byte[] IPV4_RESPONSE =
      hex(
          """
          0101 003c 2112a442 b7e7a701bc34d686fa87dfae
          8022 000b 7465737420766563746f72 20
          0020 0008 0001a147e112a643
          0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
          8028 0004 c07d4c96
          """);

  private static final byte[] IPV6_RESPONSE =
      hex(
          """
          0101 0048 2112a442 b7e7a701bc34d686fa87dfae
          8022 000b 7465737420766563746f72 20
          0020 0014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
          0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41
          8028 0004 c8fb0b4c
          """);

  private static final byte[] LONG_TERM_REQUEST =
      hex(
          """
          0001 0060 2112a442 78ad3433c6ad72c029da412e
          0006 0012 e3839ee38388e383aae38383e382afe382b9 0000
          0015 001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341
          0014 000b 6578616d706c652e6f7267 00
          0008 0014 f67024656dd64a3e02b8e0712e85c9a28ca89666
          """);

  private static final byte[] USERHASH_REQUEST =
      hex(
          """
          0001 0090 2112a442 78ad3433c6ad72c029da412e
          001e 0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704
          0015 0029 6f62 4d61 744a 6f73 3241 4141 4366 2f2f 3439 396b 3935 3464 364f 4c33 346f
                    4c39 4653 5476 7936 3473 41 000000
          0014 000b 6578616d706c652e6f7267 00
          001d 0004 00020000
          001c 0020 b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65
          """);

  private static final String MATRIX = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";

  private final Integrity integrity = new Integrity();

  private static byte[] hex(String fields) {
    return HexFormat.of().parseHex(fields.replaceAll("\\s+", ""));
  }

  private static StunReader read(byte[] message) {
    var reader = new StunReader();
    byte[] padded = new byte[message.length + 14];
    System.arraycopy(message, 0, padded, 7, message.length);
    assertThat(reader.wrap(padded, 7, message.length)).isTrue();
    return reader;
  }

  @Test
  void sampleRequestHoldsItsIntegrityAndFingerprint() {
    StunReader reader = read(REQUEST);
    assertThat(reader.isRequest()).isTrue();
    assertThat(reader.text(StunAttribute.USERNAME)).isEqualTo("evtj:h6vY");
    assertThat(integrity.verify(reader, PASSWORD)).isTrue();
    assertThat(integrity.isFingerprintRight(reader)).isTrue();
  }

  @Test
  void oneOtherBitFailsBoth() {
    byte[] other = REQUEST.clone();
    other[30] ^= 1;
    assertThat(integrity.verify(read(other), PASSWORD)).isFalse();
    assertThat(integrity.isFingerprintRight(read(other))).isFalse();
  }

  @Test
  void sampleIpv4ResponseHasItsMappedAddress() {
    StunReader reader = read(IPV4_RESPONSE);
    assertThat(integrity.verify(reader, PASSWORD)).isTrue();
    assertThat(integrity.isFingerprintRight(reader)).isTrue();
    assertThat(reader.readXorAddress(reader.find(StunAttribute.XOR_MAPPED_ADDRESS))).isTrue();
    assertThat(reader.peer().toInetAddress().getHostAddress()).isEqualTo("192.0.2.1");
    assertThat(reader.peerPort()).isEqualTo(32_853);
  }

  @Test
  void sampleIpv6ResponseHasItsMappedAddress() {
    StunReader reader = read(IPV6_RESPONSE);
    assertThat(integrity.verify(reader, PASSWORD)).isTrue();
    assertThat(integrity.isFingerprintRight(reader)).isTrue();
    assertThat(reader.readXorAddress(reader.find(StunAttribute.XOR_MAPPED_ADDRESS))).isTrue();
    assertThat(reader.peer().toInetAddress().getHostAddress())
        .isEqualTo("2001:db8:1234:5678:11:2233:4455:6677");
    assertThat(reader.peerPort()).isEqualTo(32_853);
  }

  @Test
  void sampleLongTermRequestIsProtectedByTheClassicKey() {
    StunReader reader = read(LONG_TERM_REQUEST);
    assertThat(reader.text(StunAttribute.USERNAME)).isEqualTo(MATRIX);
    byte[] key = PasswordAlgorithm.MD5.key(MATRIX, "example.org", "TheMatrIX");
    assertThat(integrity.verify(reader, key)).isTrue();
  }

  @Test
  void sampleRequestWithUserhashIsProtectedBySha256() {
    StunReader reader = read(USERHASH_REQUEST);
    byte[] hash = PasswordAlgorithm.userHash(MATRIX, "example.org");
    assertThat(reader.bytes(StunAttribute.USERHASH)).isEqualTo(hash);
    byte[] key = PasswordAlgorithm.SHA256.key(MATRIX, "example.org", "TheMatrIX");
    assertThat(integrity.verify(reader, key)).isTrue();
  }

  @Test
  void whatTheServerWritesIsWhatTheSamplesSay() {
    // The same answer as the sample's, but for its SOFTWARE, which we do not tell.
    var writer = new StunWriter(integrity);
    writer
        .answer(read(REQUEST), StunMethod.SUCCESS)
        .bytes(0x8022, Arrays.copyOfRange(IPV6_RESPONSE, 24, 35))
        .xorAddress(
            StunAttribute.XOR_MAPPED_ADDRESS,
            TurnStage.at("2001:db8:1234:5678:11:2233:4455:6677", 32_853));
    byte[] expected = IPV6_RESPONSE.clone();
    expected[35] = 0; // padding may be anything; ours is zero, so integrity differs
    byte[] written = writer.seal(null, false, false).toBytes();
    assertThat(Arrays.copyOfRange(written, 20, written.length))
        .isEqualTo(Arrays.copyOfRange(expected, 20, 60));
  }
}
