package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class OggOpusWriterTest {

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final OggOpusWriter writer =
      new OggOpusWriter((data, length, granule) -> file.write(data, 0, length), 0x01020304);

  @Test
  void checksumsLikeThePosixPolynomialFromZero() {
    // cksum of "123456789" is 765e7680 with its final inversion and without a length
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(OggCrc.of(digits, 0, digits.length)).isEqualTo(~0x765e7680);
  }

  @Test
  void writesTheHeadersOfRfc7845() throws IOException {
    writer.open("Parley", List.of("TITLE=A"));

    assertThat(hexWithoutChecksums())
        .isEqualTo(
            """
            4f676753 00 02 0000000000000000 04030201 00000000 ........ 01 13
            4f70757348656164 01 02 3801 80bb0000 0000 00
            4f676753 00 00 0000000000000000 04030201 01000000 ........ 01 21
            4f70757354616773 06000000 5061726c6579 01000000 07000000 5449544c453d41
            """
                .replaceAll("\\s", ""));
    assertThat(OggReader.pages(file.toByteArray())).hasSize(2);
  }

  @Test
  void countsGranulesIn48KilohertzAndEndsTheStream() throws IOException {
    writer.open("Parley", List.of());
    Filler filler = new Filler(writer);
    filler.silence(48_000);
    writer.flush();
    filler.silence(24_000);
    writer.flush();
    writer.finish(72_000);

    List<OggReader.Page> pages = OggReader.pages(file.toByteArray());
    assertThat(pages)
        .extracting(OggReader.Page::granule)
        .containsExactly(0L, 0L, 48_000L, 72_000L, 72_312L);
    assertThat(pages).extracting(OggReader.Page::flags).containsExactly(2, 0, 0, 0, 4);
  }

  @Test
  void startsANewPageAfterASecondAndBeforeTheLacingTableIsFull() throws IOException {
    writer.open("Parley", List.of());
    for (int i = 0; i < 400; i++) {
      writer.packet(Filler.silencePacket(120), 0, 3, 120);
    }
    for (int i = 0; i < 10; i++) {
      writer.packet(new byte[1275], 0, 1275, 960); // laced as 5 × 255 and a 0
    }
    writer.finish(48_000 + 9600);

    List<OggReader.Page> pages = OggReader.pages(file.toByteArray());
    assertThat(pages.subList(2, pages.size()).stream().mapToInt(p -> p.packets().size()).sum())
        .isGreaterThanOrEqualTo(410);
    assertThat(pages.stream().flatMap(p -> p.packets().stream()).filter(p -> p.length == 1275))
        .hasSize(10);
  }

  @Test
  void neverLetsGranulesRunBackwardsWhenTheTrackIsAheadOfTheEnd() throws IOException {
    writer.open("Parley", List.of());
    new Filler(writer).silence(4800);
    writer.flush();
    writer.finish(1000);

    assertThat(OggReader.pages(file.toByteArray()).getLast().granule()).isEqualTo(4800);
  }

  private String hexWithoutChecksums() {
    byte[] data = file.toByteArray();
    StringBuilder hex = new StringBuilder(HexFormat.of().formatHex(data));
    for (int at = 0; at + 27 <= data.length; at++) {
      if (data[at] == 'O' && data[at + 1] == 'g' && data[at + 2] == 'g') {
        hex.replace(2 * at + 44, 2 * at + 52, "........");
      }
    }
    return hex.toString();
  }
}
