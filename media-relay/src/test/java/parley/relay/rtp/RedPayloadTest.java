package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RedPayloadTest {

  private final RedPayload red = new RedPayload();

  @Test
  void readsACopyAndThePacketsOwnBlock() {
    // F=1, type 111, 960 ticks back, 3 bytes; F=0, type 111; the copy; the own block.
    byte[] payload = Hex.bytes("EF 0F 00 03  6F  01 02 03  0A 0B");

    assertThat(red.wrap(payload, 0, payload.length, 111)).isTrue();
    assertThat(red.copies()).isEqualTo(1);
    assertThat(red.backTicks(0)).isEqualTo(960);
    assertThat(red.offset(0)).isEqualTo(5);
    assertThat(red.length(0)).isEqualTo(3);
    assertThat(red.offset(1)).isEqualTo(8);
    assertThat(red.length(1)).isEqualTo(2);
  }

  @Test
  void readsAPacketWithoutCopies() {
    byte[] payload = Hex.bytes("6F 0A 0B");

    assertThat(red.wrap(payload, 0, payload.length, 111)).isTrue();
    assertThat(red.copies()).isZero();
    assertThat(red.offset(0)).isEqualTo(1);
    assertThat(red.length(0)).isEqualTo(2);
  }

  @Test
  void refusesOtherTypesAndWhatIsNotWhole() {
    for (String broken :
        new String[] {
          "",
          "6E 0A",
          "6F",
          "EE 0F 00 01 6F 01 02",
          "EF 0F 00 03 6E 01 02 03 0A",
          "EF 0F 00",
          "EF 0F 00 09 6F 01 02",
          "EF 0F 00 03 6F 01 02 03"
        }) {
      byte[] payload = Hex.bytes(broken);
      assertThat(red.wrap(payload, 0, payload.length, 111)).as(broken).isFalse();
    }
  }

  @Test
  void readsWhatItWrote() {
    byte[] out = new byte[100];
    int length =
        RedPayload.write(out, 10, 111, new byte[] {1, 2, 3}, 3, 2880, new byte[] {0, 7, 8}, 1, 2);

    assertThat(red.wrap(out, 10, length, 111)).isTrue();
    assertThat(red.copies()).isEqualTo(1);
    assertThat(red.backTicks(0)).isEqualTo(2880);
    assertThat(out[red.offset(0)]).isEqualTo((byte) 1);
    assertThat(red.length(0)).isEqualTo(3);
    assertThat(out[red.offset(1)]).isEqualTo((byte) 7);
    assertThat(red.length(1)).isEqualTo(2);
  }

  @Test
  void neverLooksBeyondThePayload() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      byte[] payload = new byte[random.nextInt(40)];
      random.nextBytes(payload);
      for (int at = 0; at < payload.length && random.nextBoolean(); at += 4) {
        payload[at] = (byte) (random.nextInt(4) == 0 ? 111 : 111 | 0x80);
      }
      if (red.wrap(payload, 0, payload.length, 111)) {
        int last = red.copies();
        assertThat(red.offset(last) + red.length(last)).isEqualTo(payload.length);
      }
    }
  }
}
