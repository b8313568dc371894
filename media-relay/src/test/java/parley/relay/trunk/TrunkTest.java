package parley.relay.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import parley.relay.api.TrunkLine;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

class TrunkTest {

  private final byte[] one = key(1);
  private final byte[] other = key(2);
  private final Trunk here = new Trunk(new TrunkLine("there", List.of(), 7, one, 8, other));
  private final Trunk there = new Trunk(new TrunkLine("here", List.of(), 8, other, 7, one));
  private final PacketBuffer datagram = new PacketBuffer();
  private final PacketBuffer opened = new PacketBuffer();

  private static byte[] key(int seed) {
    byte[] key = new byte[TrunkLine.KEY_BYTES];
    new Random(seed).nextBytes(key);
    return key;
  }

  private static PacketBuffer frame(String words) {
    byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
    return new PacketBuffer().set(bytes, 0, bytes.length);
  }

  private PacketBuffer sealed(String words) {
    assertThat(here.seal(frame(words), datagram)).isTrue();
    return new PacketBuffer().set(datagram.toBytes(), 0, datagram.length);
  }

  @Test
  void whatOneEndSealsTheOtherOpens() {
    PacketBuffer sent = sealed("hello");
    assertThat(Trunk.isOne(sent)).isTrue();
    assertThat(Trunk.id(sent)).isEqualTo(there.receiveId()).isEqualTo(7);
    assertThat(there.open(sent, opened)).isTrue();
    assertThat(opened.toBytes()).isEqualTo(frame("hello").toBytes());
  }

  @Test
  void saysNothingInTheClear() {
    String text = new String(sealed("hello hello").toBytes(), StandardCharsets.ISO_8859_1);
    assertThat(text).doesNotContain("hello");
  }

  @Test
  void opensNothingTwice() {
    PacketBuffer sent = sealed("hello");
    assertThat(there.open(sent, opened)).isTrue();
    assertThat(there.open(sent, opened)).isFalse();
  }

  @Test
  void opensWhatWasOvertaken() {
    PacketBuffer first = sealed("one");
    PacketBuffer second = sealed("two");
    assertThat(there.open(second, opened)).isTrue();
    assertThat(there.open(first, opened)).isTrue();
    assertThat(opened.toBytes()).isEqualTo(frame("one").toBytes());
  }

  @Test
  void opensNothingOfItsOwn() {
    assertThat(here.open(sealed("hello"), opened)).isFalse();
  }

  @Property(tries = 300)
  void opensNothingThatWasChangedAnywhere(@ForAll int where, @ForAll byte how) {
    PacketBuffer sent = sealed("hello");
    int at = Math.floorMod(where, sent.length);
    byte before = sent.data[at];
    sent.data[at] ^= how == 0 ? 1 : how;
    // The first byte and the id only say whose it is; they are authenticated as well.
    assertThat(there.open(sent, opened)).isFalse();
    sent.data[at] = before;
    assertThat(there.open(sent, opened)).isTrue();
  }

  @Property(tries = 500)
  void readsAnyFrameWithoutThrowing(@ForAll @Size(max = 200) byte[] bytes) {
    PacketBuffer some = new PacketBuffer();
    Arrays.fill(some.data, (byte) 0x55);
    some.set(bytes, 0, bytes.length);
    TrunkFrame frame = new TrunkFrame();
    if (frame.wrap(some)) {
      assertThat(frame.peer()).isNotEmpty();
      assertThat(frame.contact()).isNotNull();
      var rtp = new RtpPacket();
      if (frame.rtp(rtp)) {
        assertThat(rtp.payloadLength()).isLessThanOrEqualTo(bytes.length);
      }
    }
  }

  @Test
  void refusesANameThatIsTooLong() {
    assertThat(TrunkFrame.silent(new PacketBuffer(), "p".repeat(128), "d")).isFalse();
    assertThat(TrunkFrame.silent(new PacketBuffer(), "p".repeat(64), "d".repeat(127))).isTrue();
  }
}
