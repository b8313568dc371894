package parley.signalling.recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

  /** RFC 9110 §14.1.2, for a representation of 10000 bytes, and what lies beside it. */
  @ParameterizedTest
  @CsvSource({
    "bytes=0-499, 0, 499, true",
    "bytes=500-999, 500, 999, true",
    "bytes=-500, 9500, 9999, true",
    "bytes=9500-, 9500, 9999, true",
    "bytes=0-, 0, 9999, true",
    "bytes=0-99999, 0, 9999, true",
    "bytes=-99999, 0, 9999, true",
    "bytes=9-5, 0, 9999, false",
    "'bytes=0-1,5-6', 0, 9999, false",
    "bytes=-, 0, 9999, false",
    "lines=1-2, 0, 9999, false",
    "bytes=1000000000000000000000-, 0, 9999, false"
  })
  void readsARange(String header, long from, long to, boolean part) throws Refusal {
    assertThat(ByteRange.of(header, 10_000)).isEqualTo(new ByteRange(from, to, part));
  }

  @ParameterizedTest
  @CsvSource({"bytes=10000-", "bytes=10000-20000", "bytes=-0"})
  void refusesWhatIsNotThere(String header) {
    assertThatThrownBy(() -> ByteRange.of(header, 10_000)).isInstanceOf(Refusal.class);
  }

  @Property
  void neverLeadsOutside(
      @ForAll String header,
      @ForAll @LongRange(min = 0, max = 20) long from,
      @ForAll @LongRange(min = 0, max = 20) long to,
      @ForAll @LongRange(min = 1, max = 15) long length) {
    for (String asked : new String[] {header, "bytes=" + from + "-" + to, "bytes=-" + to}) {
      try {
        ByteRange range = ByteRange.of(asked, length);
        assertThat(range.from()).isBetween(0L, range.to());
        assertThat(range.to()).isLessThan(length);
      } catch (Refusal refusal) {
        assertThat(refusal.code).isEqualTo(Refusal.Code.RANGE);
      }
    }
  }
}
