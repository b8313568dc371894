package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Whatever arrives, nothing is thrown, and nothing goes out that was not allowed; see also {@link
 * LongFuzzTest}.
 */
class TurnFuzzTest {

  private TurnStage stage = new TurnStage();
  private TestClient client = stage.client();

  @BeforeTry
  void allocate() {
    stage = new TurnStage();
    client = stage.client();
    client.ask(TestMessage.allocate().alsoIpv6().ticket(new byte[0]));
    client.bind(0x4000, TurnStage.PEER);
  }

  @Property(tries = 2000)
  void randomBytes(@ForAll @Size(max = 200) byte[] data) {
    client.raw(data);
    checkPeers();
  }

  @Property(tries = 2000)
  void randomBodiesBehindAProperHeader(
      @ForAll @Size(max = 160) byte[] body, @ForAll @IntRange(min = 0, max = 0x3fff) int type) {
    byte[] data = TestMessage.ofType(type & 0x013F).bytes();
    int length = 20 + body.length / 4 * 4;
    data = Arrays.copyOf(data, length);
    System.arraycopy(body, 0, data, 20, length - 20);
    Bytes.put16(data, 2, length - 20);
    client.raw(data);
    checkPeers();
  }

  @Property(tries = 2000)
  void anyValueOfAnyAttributeInASignedRequest(
      @ForAll @IntRange(min = 0, max = 0xffff) int attribute,
      @ForAll @IntRange(min = 0, max = 9) int method,
      @ForAll @Size(max = 40) byte[] value) {
    client.raw(client.signed(TestMessage.ofType(method).with(attribute & 0x803F, value)).bytes());
    checkPeers();
  }

  @Property(tries = 3000)
  void mutatedRequests(@ForAll long seed) {
    mutate(new Random(seed));
    checkPeers();
  }

  private void mutate(Random random) {
    byte[] data = message(random);
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      data[random.nextInt(data.length)] = (byte) random.nextInt();
    }
    if (random.nextInt(8) == 0) {
      data = Arrays.copyOf(data, random.nextInt(data.length + 8));
    }
    client.raw(data);
    int frame = StreamFraming.frameBytes(data, 0, data.length);
    assertThat(frame == StreamFraming.INCOMPLETE || frame == StreamFraming.BROKEN || frame >= 4)
        .isTrue();
  }

  private byte[] message(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> client.signed(TestMessage.allocate().evenPort(true).lifetime(600)).bytes();
      case 1 -> client.signed(TestMessage.refresh(600).ticket(new byte[16])).bytes();
      case 2 -> client.signed(TestMessage.createPermission().peer(TurnStage.PEER)).bytes();
      case 3 -> client.signed(TestMessage.channelBind(0x4000, TurnStage.PEER)).bytes();
      case 4 -> TestMessage.sendIndication().peer(TurnStage.PEER).data(new byte[30]).bytes();
      case 5 -> TestMessage.binding().with(0x8028, 1, 2, 3, 4).bytes();
      case 6 -> TestClient.channelData(0x4000, new byte[random.nextInt(50)]);
      default -> TestMessage.ofType(random.nextInt(0x4000)).with(random.nextInt(65_536), 1).bytes();
    };
  }

  /** Only the one peer that was permitted may have been sent anything. */
  private void checkPeers() {
    assertThat(stage.toPeers)
        .allSatisfy(
            sent -> assertThat(sent.to().getAddress()).isEqualTo(TurnStage.PEER.getAddress()));
  }
}
