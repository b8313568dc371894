package parley.relay.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever arrives, the codec answers with null or a message, never with an exception. */
class StunFuzzTest {

  private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 5000);

  private final StunCodec codec = new Ice4jStunCodec();

  @Property(tries = 2000)
  void randomBytesNeverThrow(@ForAll @Size(max = 200) byte[] data) {
    use(data);
  }

  @Property(tries = 2000)
  void randomBodiesBehindAProperHeaderNeverThrow(
      @ForAll @Size(max = 160) byte[] body, @ForAll @IntRange(min = 0, max = 0x3fff) int type) {
    byte[] header = TestChecks.message(type).unsigned();
    byte[] data = new byte[20 + body.length / 4 * 4];
    System.arraycopy(header, 0, data, 0, 20);
    System.arraycopy(body, 0, data, 20, data.length - 20);
    StunIntegrity.putLength(data, data.length);
    use(data);
  }

  @Property(tries = 2000)
  void anyValueOfAnyAttributeNeverThrows(
      @ForAll @IntRange(min = 0, max = 0xffff) int attribute,
      @ForAll @Size(max = 40) byte[] value) {
    use(TestChecks.bindingRequest().attribute(attribute, value).signed("password"));
    use(TestChecks.bindingRequest().attribute(attribute & 0x803f, value).signed("password"));
  }

  @Property(tries = 3000)
  void mutatedChecksNeverThrow(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
    byte[] data = Ice4jStunCodecTest.sampleRequest();
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      data[random.nextInt(data.length)] = (byte) random.nextInt();
    }
    use(data);
  }

  private void use(byte[] data) {
    StunMessage message = codec.tryParse(data, 0, data.length);
    if (message != null) {
      codec.verify(message, "password");
      assertThat(message.localUfrag()).isNotNull();
      assertThat(codec.bindingSuccess(message, ADDRESS, "password")).isNotEmpty();
      assertThat(codec.bindingError(message, 420, "Unknown Attribute", null)).isNotEmpty();
    }
  }
}
